import { Context } from '@temporalio/activity';
import type { WebhookEvent } from '../../domain/webhookEvent.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { SweepEntry } from '../../domain/sweep/plan.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { SweepOutcome, SweepGateway } from '../../domain/sweep/gateway.ts';
import { createWebhook } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';

/** What is done to the entries of one list. An adopted entry brings its group and its site. */
export type SweepAction =
  | { kind: 'adopt'; entries: { group: FoundGroup; site: EnvironmentRef }[] }
  | { kind: 'mark'; entries: SweepEntry[]; at: string }
  | { kind: 'tearDown'; entries: SweepEntry[]; sweepId: string };

export interface SweepDeps {
  gateway: SweepGateway;
  /** null: nobody is told */
  webhook: WebhookOptions | null;
}

/** So many at once. */
const parallel = 5;

const switchedOff: SweepOutcome = { text: 'sweeps were switched off', done: false, off: true };

/** What a sweep needs of Temporal; each may be repeated. */
export function createSweepActivities({ gateway: keeper, webhook }: SweepDeps) {
  const post = webhook && createWebhook(webhook);

  function workOf(deed: SweepAction): (() => Promise<SweepOutcome>)[] {
    if (deed.kind === 'adopt')
      return deed.entries.map(
        ({ group, site }) =>
          () =>
            keeper.recover(group, site),
      );
    if (deed.kind === 'mark') return deed.entries.map((entry) => () => keeper.mark(entry, deed.at));
    return deed.entries.map((entry) => () => keeper.tearDown(entry, deed.sweepId));
  }

  return {
    sweepSettings: () => keeper.settings(),
    sweepTraces: ({ ownId }: { ownId: string }) => keeper.previousSweeps(ownId),
    viewWorkflows: ({ names }: { names: string[] }) => keeper.views(names),
    deliver: async ({ event, id }: { event: WebhookEvent; id: string }): Promise<void> => post?.(event, id),
    /** Carries out a batch, a few entries at once. Whether sweeps are still on is asked before each. */
    async carryOut(deed: SweepAction): Promise<SweepOutcome[]> {
      const work = workOf(deed);
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
