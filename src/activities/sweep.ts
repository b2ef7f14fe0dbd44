import { Context } from '@temporalio/activity';
import type { MoatEvent } from '../domain/event.ts';
import type { Site } from '../domain/naming.ts';
import type { SweepEntry } from '../domain/sweep.ts';
import type { FoundGroup } from '../domain/sweepFacts.ts';
import type { Outcome, SweepKeeper } from '../domain/sweepKeeper.ts';
import { createWebhook } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';

/** What is done to the entries of one list. An adopted entry brings its group and its site. */
export type Deed =
  | { kind: 'adopt'; entries: { group: FoundGroup; site: Site }[] }
  | { kind: 'mark'; entries: SweepEntry[]; at: string }
  | { kind: 'tearDown'; entries: SweepEntry[]; sweepId: string };

export interface SweepDeps {
  keeper: SweepKeeper;
  /** null: nobody is told */
  webhook: WebhookOptions | null;
}

/** So many at once. */
const parallel = 5;

const switchedOff: Outcome = { text: 'sweeps were switched off', done: false, off: true };

/** What a sweep needs of Temporal; each may be repeated. */
export function createSweepActivities({ keeper, webhook }: SweepDeps) {
  const post = webhook && createWebhook(webhook);

  function workOf(deed: Deed): (() => Promise<Outcome>)[] {
    if (deed.kind === 'adopt')
      return deed.entries.map(
        ({ group, site }) =>
          () =>
            keeper.adopt(group, site),
      );
    if (deed.kind === 'mark') return deed.entries.map((entry) => () => keeper.mark(entry, deed.at));
    return deed.entries.map((entry) => () => keeper.tearDown(entry, deed.sweepId));
  }

  return {
    sweepSettings: () => keeper.settings(),
    sweepTraces: ({ ownId }: { ownId: string }) => keeper.traces(ownId),
    viewWorkflows: ({ names }: { names: string[] }) => keeper.views(names),
    deliver: async ({ event, id }: { event: MoatEvent; id: string }): Promise<void> => post?.(event, id),
    /** Carries out a batch, a few entries at once. Whether sweeps are still on is asked before each. */
    async carryOut(deed: Deed): Promise<Outcome[]> {
      const work = workOf(deed);
      const outcomes: (Outcome | undefined)[] = work.map(() => undefined);
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
