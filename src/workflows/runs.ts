import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { blockedFailure } from '../domain/blockers.ts';
import type { Receipt, RunKind } from '../domain/environment.ts';
import { failureOf } from './runFailure.ts';
import { runWorkflowId } from './messages.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/** An environment's runs: child workflows with their own timelines, one at a time, remembered with what they left behind. */
export function createRuns(life: EnvironmentStore) {
  let work: CancellationScope | undefined;
  return {
    /** A run that may be stopped: a teardown goes on to its end. */
    interruptible: (): boolean => life.record.run !== null && life.record.run.kind !== 'teardown',
    cancel: (): void => work?.cancel(),
    async run<R>(
      kind: RunKind,
      child: (options: { workflowId: string; staticSummary: string }, runId: string) => Promise<R>,
      receiptOf: (result: R) => Receipt,
    ): Promise<R> {
      const entry = life.beginRun(kind);
      const { name } = life.record;
      work = new CancellationScope();
      try {
        const options = { workflowId: runWorkflowId(name, entry.id), staticSummary: `${entry.id} of ${name}` };
        const result = await work.run(() => child(options, entry.id));
        const receipt = receiptOf(result);
        const failure = 'blockers' in receipt ? blockedFailure(receipt.blockers) : null;
        life.endRun(entry, { outcome: failure ? 'failed' : 'succeeded', failure, receipt });
        return result;
      } catch (error) {
        const outcome = isCancellation(error) ? 'cancelled' : 'failed';
        life.endRun(entry, { outcome, failure: failureOf(error, null), receipt: null });
        throw error;
      } finally {
        work = undefined;
      }
    },
  };
}
