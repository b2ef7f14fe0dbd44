import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import * as workflows from '../../src/workflows/index.ts';
import { workflowsPath } from '../workflows/harness.ts';
import { historyNames, readHistory } from './histories.ts';

const logger = new DefaultLogger('ERROR');
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  // What a replay that fails says is for the test to judge.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
});

interface Recorded {
  events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
}

describe('runs that began on an earlier version of Moat', () => {
  it.each(historyNames())('go on with this one: %s', async (name) => {
    await Worker.runReplayHistory({ workflowBundle }, JSON.parse(readHistory(name)));
  });

  it.each(Object.keys(workflows))('are recorded of the workflow type %s', (type) => {
    expect(historyNames().filter((name) => name.startsWith(`${type}-`))).not.toEqual([]);
  });

  it('would be noticed when their next activity is another one', async () => {
    const history = JSON.parse(readHistory('provision-completed')) as Recorded;
    const event = history.events.find(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled)!;
    event.activityTaskScheduledEventAttributes!.activityType.name = 'deleteGroup';
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(DeterminismViolationError);
  });
});

describe('a recorded history', () => {
  it.each(historyNames())('tells nothing of the machine it was recorded on: %s', (name) => {
    const texts = [...readHistory(name).matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data!, 'base64').toString(),
    );
    for (const text of [readHistory(name), ...texts]) expect(text).not.toMatch(/\/(work|home|Users|root|tmp)\//);
  });
});
