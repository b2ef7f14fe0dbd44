import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { blockedFailure } from '../domain/blockers.ts';
import type { Receipt, RunKind } from '../domain/environment.ts';
import { runPriority } from '../domain/priority.ts';
import type { TaskPriority } from '../domain/priority.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import { runWorkflowId } from './messages.ts';
import { failureOf, evidenceIn } from './runFailure.ts';

interface ChildOptions {
  workflowId: string;
  staticSummary: string;
  priority: TaskPriority;
}

/** An environment's runs: child workflows, one at a time, each recorded with its receipt. */
export function createRuns(store: EnvironmentStore) {
  let scope: CancellationScope | undefined;
  return {
    cancel: (): void => scope?.cancel(),
    async run<R>(
      { kind, requestedBy }: { kind: RunKind; requestedBy: string | null },
      child: (options: ChildOptions, runId: string) => Promise<R>,
      receiptOf: (result: R) => Receipt,
    ): Promise<R> {
      const entry = store.beginRun(kind, requestedBy);
      const { name } = store.record;
      scope = new CancellationScope();
      try {
        const options = {
          workflowId: runWorkflowId(name, entry.id),
          staticSummary: `${entry.id} of ${name}`,
          priority: runPriority(kind),
        };
        const result = await scope.run(() => child(options, entry.id));
        const receipt = receiptOf(result);
        const failure = 'blockers' in receipt ? blockedFailure(receipt.blockers) : null;
        store.endRun(entry, { outcome: failure ? 'failed' : 'succeeded', failure, receipt });
        return result;
      } catch (error) {
        const outcome = isCancellation(error) ? 'cancelled' : 'failed';
        store.endRun(entry, { outcome, failure: failureOf(error, null), receipt: evidenceIn(error) });
        throw error;
      } finally {
        scope = undefined;
      }
    },
  };
}

export type Runs = ReturnType<typeof createRuns>;
