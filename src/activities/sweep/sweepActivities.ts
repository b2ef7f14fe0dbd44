import type { WebhookEvent } from '../../domain/webhookEvent.ts';
import type { SweepEntry } from '../../domain/sweep/entry.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { SweepGateway, SweepOutcome, SweepSettings } from '../../domain/sweep/gateway.ts';
import { serviceActivity } from '../serviceActivity.ts';
import { createWebhook } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';

/** An action of a sweep on the entries of one list. `recover` takes groups. */
export type SweepAction =
  | { kind: 'recover'; entries: FoundGroup[] }
  | { kind: 'repair'; entries: SweepEntry[] }
  | { kind: 'mark'; entries: SweepEntry[]; at: string }
  | { kind: 'tearDown'; entries: SweepEntry[]; sweepId: string };

export interface SweepDeps {
  gateway: SweepGateway;
  /** null: no webhook is configured */
  webhook: WebhookOptions | null;
}

/** Entries that are processed in parallel. */
const concurrency = 5;

const switchedOff: SweepOutcome = { text: 'sweeps were switched off', done: false, off: true };

/** The tasks of an action, one per entry. */
function tasksOf(gateway: SweepGateway, action: SweepAction): (() => Promise<SweepOutcome>)[] {
  if (action.kind === 'recover') return action.entries.map((group) => () => gateway.recover(group));
  if (action.kind === 'repair') return action.entries.map((entry) => () => gateway.repair(entry));
  if (action.kind === 'mark') return action.entries.map((entry) => () => gateway.mark(entry, action.at));
  return action.entries.map((entry) => () => gateway.tearDown(entry, action.sweepId));
}

/** Executes a batch, a few entries at a time. Checks before each entry whether sweeps are still switched on. */
async function execute(gateway: SweepGateway, action: SweepAction): Promise<SweepOutcome[]> {
  const tasks = tasksOf(gateway, action);
  const outcomes: (SweepOutcome | undefined)[] = tasks.map(() => undefined);
  let next = 0;
  async function runTasks(): Promise<void> {
    for (let own = next++; own < tasks.length; own = next++)
      outcomes[own] = (await gateway.settings()).mode === 'on' ? await tasks[own]!() : switchedOff;
  }
  await Promise.all(Array.from({ length: concurrency }, runTasks));
  return outcomes.map((outcome) => outcome ?? switchedOff);
}

/** The activities of a sweep that call Temporal or the webhook. Each one is idempotent. */
export function createSweepActivities({ gateway, webhook }: SweepDeps) {
  const post = webhook && createWebhook(webhook);
  return {
    sweepSettings: serviceActivity<void, SweepSettings>(() => gateway.settings()),
    previousSweeps: serviceActivity(({ ownId }: { ownId: string }) => gateway.previousSweeps(ownId)),
    viewWorkflows: serviceActivity(({ names }: { names: string[] }) => gateway.views(names)),
    deliverWebhook: serviceActivity(async ({ event, id }: { event: WebhookEvent; id: string }) => post?.(event, id)),
    executeSweepAction: serviceActivity((action: SweepAction) => execute(gateway, action)),
  };
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;
