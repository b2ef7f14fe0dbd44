import type { Client } from '@temporalio/client';
import type { ShownStep, Spec } from '../domain/environment.ts';
import { hasManagedNetwork } from '../domain/managedNetwork.ts';
import { usualOfStep } from '../domain/stepDurations.ts';
import type { StepHistory } from '../domain/stepDurations.ts';
import type { StepProgress } from '../domain/progress.ts';
import { stepsOf } from './environmentView.ts';
import { firstRuns } from './usualDurations.ts';

/** The history changes slowly: it is read at most once in this time by a process. Milliseconds of the target's time; the second one real. */
const [keptMs, leastKeptMs] = [60_000, 5_000];
const historyWithinMs = 2_000;

/** Adds to the steps that are running how long they usually take with this spec. */
export type StepUsuals = (steps: StepProgress[], spec: Spec | null) => Promise<ShownStep[]>;

/** Seconds of each step in this installation's newest successful first runs, with or without a managed network. */
export async function readStepHistory(client: Client, hasNetwork = false): Promise<StepHistory> {
  const history: StepHistory = {};
  for (const { memo } of await firstRuns(client, hasNetwork))
    for (const { id, since, finishedAt } of stepsOf(memo)) {
      if (since === null || finishedAt === null) continue;
      (history[id] ??= []).push((Date.parse(finishedAt) - Date.parse(since)) / 1000);
    }
  return history;
}

/** Without visibility, an environment is shown all the same, with estimates. */
const readHistoryInTime = (client: Client, hasNetwork: boolean): Promise<StepHistory> =>
  client.withDeadline(Date.now() + historyWithinMs, () => readStepHistory(client, hasNetwork)).catch(() => ({}));

export function createStepUsuals(client: Client, timeScale = 1): StepUsuals {
  const limitMs = Math.max(leastKeptMs, keptMs * timeScale);
  const kept = new Map<boolean, { at: number; history: Promise<StepHistory> }>();

  function historyOf(hasNetwork: boolean): Promise<StepHistory> {
    const known = kept.get(hasNetwork);
    if (known && Date.now() - known.at <= limitMs) return known.history;
    const history = readHistoryInTime(client, hasNetwork);
    kept.set(hasNetwork, { at: Date.now(), history });
    return history;
  }

  return async (steps, spec) => {
    if (!steps.some(({ state }) => state === 'running' || state === 'retrying')) return steps;
    const hasNetwork = hasManagedNetwork(spec ?? {});
    const history = await historyOf(hasNetwork);
    return steps.map((step) => {
      const usual = usualOfStep(step, history, { now: Date.now(), timeScale, hasNetwork });
      return usual ? { ...step, usual } : step;
    });
  };
}
