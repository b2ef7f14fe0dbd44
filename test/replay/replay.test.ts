import type { Headers } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle as bundleOf } from '../../src/main/workflowBundle.ts';
import * as workflows from '../../src/workflows/index.ts';
import { withTraceParent } from '../../src/workflows/traceContext.ts';
import { historyNames, readHistory } from './histories.ts';

const logger = new DefaultLogger('ERROR');
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  // A failed replay is reported by the test, not by the SDK's log.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  workflowBundle = await bundleOf({ kind: 'plain', logger });
});

interface Event {
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  workflowExecutionStartedEventAttributes?: object;
  workflowExecutionSignaledEventAttributes?: object;
  workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest?: { input?: object } };
}
interface History {
  events: Event[];
}

/** What has headers: the start of a workflow, a signal, an update. */
const requestsIn = (event: Event): object[] =>
  [
    event.workflowExecutionStartedEventAttributes,
    event.workflowExecutionSignaledEventAttributes,
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input,
  ].filter((request) => request !== undefined);

/** Headers as a history has them: bytes in base64. */
const headerOf = (headers: Headers): object => ({
  fields: Object.fromEntries(
    Object.entries(headers).map(([name, { metadata, data }]) => [
      name,
      {
        metadata: { encoding: Buffer.from(metadata!['encoding']!).toString('base64') },
        data: Buffer.from(data!).toString('base64'),
      },
    ]),
  ),
});

describe('P09 recorded histories', () => {
  it.each(historyNames())('replay without a determinism violation: %s', async (name) => {
    await Worker.runReplayHistory({ workflowBundle }, JSON.parse(readHistory(name)));
  });

  it.each(historyNames())('replay in the same way when the request was traced: %s', async (name) => {
    const history = JSON.parse(readHistory(name)) as History;
    const header = headerOf(withTraceParent({}, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: '01' }));
    for (const event of history.events) for (const request of requestsIn(event)) Object.assign(request, { header });
    await Worker.runReplayHistory({ workflowBundle }, history);
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
