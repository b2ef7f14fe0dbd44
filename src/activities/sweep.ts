import { Context } from '@temporalio/activity';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import type { SweepEntry } from '../domain/sweep/plan.ts';
import type { FoundGroup } from '../domain/sweep/inputs.ts';
import type { SweepOutcome, SweepGateway } from '../domain/sweep/gateway.ts';
import { createWebhook } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';

/** What is done to the entries of one list. A recovered entry comes with its group. */
export type SweepAction =
  | { kind: 'recover'; entries: FoundGroup[] }
  | { kind: 'mark'; entries: SweepEntry[]; at: string }
  | { kind: 'tearDown'; entries: SweepEntry[]; sweepId: string };

export interface SweepDeps {
  keeper: SweepGateway;
  /** null: nobody is told */
  webhook: WebhookOptions | null;
}

/** So many at once. */
const parallel = 5;

const switchedOff: SweepOutcome = { text: 'sweeps were switched off', done: false, off: true };

/** What a sweep needs of Temporal; each may be repeated. */
export function createSweepActivities({ keeper, webhook }: SweepDeps) {
  const post = webhook && createWebhook(webhook);

  function workOf(action: SweepAction): (() => Promise<SweepOutcome>)[] {
    if (action.kind === 'recover') return action.entries.map((group) => () => keeper.recover(group));
    if (action.kind === 'mark') return action.entries.map((entry) => () => keeper.mark(entry, action.at));
    return action.entries.map((entry) => () => keeper.tearDown(entry, action.sweepId));
  }

  return {
    sweepSettings: () => keeper.settings(),
    sweepTraces: ({ ownId }: { ownId: string }) => keeper.previousSweeps(ownId),
    viewWorkflows: ({ names }: { names: string[] }) => keeper.views(names),
    deliver: async ({ event, id }: { event: WebhookEvent; id: string }): Promise<void> => post?.(event, id),
    /** Carries out a batch, a few entries at once. Whether sweeps are still on is asked before each. */
    async executeSweepAction(action: SweepAction): Promise<SweepOutcome[]> {
      const work = workOf(action);
      const outcomes: (SweepOutcome | undefined)[] = work.map(() => undefined);
      let next = 0;
      async function lane(): Promise<void> {
        for (let mine = next++; mine < work.length; mine = next++) {
          Context.current().heartbeat();
          outcomes[mine] = (await keeper.settings()).mode === 'on' ? await work[mine]!() : switchedOff;
        }
      }
      await Promise.all(Array.from({ length: parallel }, lane));
      return outcomes.map((outcome) => outcome ?? switchedOff);
    },
  };
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;
