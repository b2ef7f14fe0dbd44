import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle as bundleOf } from '../../src/main/workflowBundle.ts';
import * as workflows from '../../src/workflows/index.ts';
import { historyNames, readHistory } from './histories.ts';

const logger = new DefaultLogger('ERROR');
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  // A failed replay is reported by the test, not by the SDK's log.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  workflowBundle = await bundleOf({ kind: 'plain', logger });
});

interface History {
  events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
}

describe('P09 recorded histories', () => {
  it.each(historyNames())('replay without a determinism violation: %s', async (name) => {
    await Worker.runReplayHistory({ workflowBundle }, JSON.parse(readHistory(name)));
  });

  it.each(Object.keys(workflows))('exist for the workflow type %s', (type) => {
    expect(historyNames().filter((name) => name.startsWith(`${type}-`))).not.toEqual([]);
  });

  it('have the name of an exported workflow type', () => {
    const types = historyNames().map((name) => name.split('-')[0]!);
    expect(types.filter((type) => !(type in workflows))).toEqual([]);
  });

  it('fail to replay when an activity type differs', async () => {
    const history = JSON.parse(readHistory('provision-completed')) as History;
    const event = history.events.find(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled)!;
    event.activityTaskScheduledEventAttributes!.activityType.name = 'deleteGroup';
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(DeterminismViolationError);
  });
});

describe('a recorded history', () => {
  it.each(historyNames())('contains no path of the machine that recorded it: %s', (name) => {
    const texts = [...readHistory(name).matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data!, 'base64').toString(),
    );
    for (const text of [readHistory(name), ...texts]) expect(text).not.toMatch(/\/(work|home|Users|root|tmp)\//);
  });
});
