import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { ProofActivities } from '../activities/proofs/proofActivities.ts';
import { proofQueues, repetitionEnd } from '../domain/proofRepetition.ts';
import type { ProofQueue } from '../domain/proofRepetition.ts';
import { environmentWorkflowId, taskQueues, verifyEndedSignal, verifySignal } from './messages.ts';
import type { RepetitionCounts, RepetitionState, VerifyEnvironmentsInput, VerifyOutcome } from './messages.ts';

/** The next environment of a subscription does not wait longer for one that does not answer. */
const longestProofMs = 30 * 60_000;
/** A proof adds about fifteen events to the history; Temporal suggests to continue as new at 4,096. */
const proofsPerExecution = 200;

const { listReadyEnvironments } = proxyActivities<ProofActivities>({
  taskQueue: taskQueues.workflows,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '30 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', backoffCoefficient: 2 },
});

async function begin({ intervalMs, endsAt: requestedEnd }: VerifyEnvironmentsInput): Promise<RepetitionState> {
  const endsAt = requestedEnd ?? repetitionEnd({ intervalMs, now: Date.now() });
  const ready = await listReadyEnvironments();
  const queues = proofQueues(ready, { intervalMs, now: Date.now(), endsAt });
  return { endsAt, queues, counts: { ended: 0, refused: 0, unanswered: 0, notStarted: 0 } };
}

/** Requests a proof from an environment's workflow and waits until its run has ended. */
function createProofRequests(endsAt: number): (name: string) => Promise<VerifyOutcome | 'unanswered'> {
  /** null: not answered yet */
  const requests = new Map<string, VerifyOutcome | null>();
  setHandler(verifyEndedSignal, ({ requestId, outcome }) => {
    // answers to an earlier execution, or after the wait has ended, are ignored
    if (requests.has(requestId)) requests.set(requestId, outcome);
  });
  return async (name) => {
    const requestId = uuid4();
    requests.set(requestId, null);
    try {
      const workflow = getExternalWorkflowHandle(environmentWorkflowId(name));
      await workflow.signal(verifySignal, { requestId, replyTo: workflowInfo().workflowId });
      const waitMs = Math.min(longestProofMs, endsAt - Date.now());
      await condition(() => requests.get(requestId) !== null, Math.max(1, waitMs));
      return requests.get(requestId) ?? 'unanswered';
    } catch (error) {
      if (isCancellation(error)) throw error;
      // it was deleted since it was listed
      return 'refused';
    } finally {
      requests.delete(requestId);
    }
  };
}

/**
 * Repeats the proofs of the ready environments, spread over the interval: one at a time in each subscription, the subscriptions in parallel.
 * What cannot be started before the next repetition is left to it. Each proof is a run of the environment's own workflow, which also
 * publishes what changed; nothing is changed or deleted here.
 */
export async function verifyEnvironments(input: VerifyEnvironmentsInput): Promise<RepetitionCounts> {
  const state = input.state ?? (await begin(input));
  const { endsAt, queues, counts } = state;
  const prove = createProofRequests(endsAt);
  const limit = input.proofsPerExecution ?? proofsPerExecution;
  let started = 0;

  async function proveAll(queue: ProofQueue): Promise<void> {
    while (queue.names.length > 0) {
      const waitMs = Math.min(queue.nextAt, endsAt) - Date.now();
      if (waitMs > 0) await condition(() => started >= limit, waitMs);
      if (started >= limit || Date.now() >= endsAt) return;
      started += 1;
      queue.nextAt += queue.spacingMs;
      counts[await prove(queue.names.shift()!)] += 1;
    }
  }

  await Promise.all(queues.map(proveAll));
  const notStarted = queues.reduce((sum, { names }) => sum + names.length, 0);
  if (notStarted > 0 && Date.now() < endsAt) await continueAsNew<typeof verifyEnvironments>({ ...input, state });
  return { ...counts, notStarted };
}
