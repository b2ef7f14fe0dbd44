import type { Client } from '@temporalio/client';
import type { ShownStep } from '../domain/environment.ts';
import { usualOfStep } from '../domain/stepDurations.ts';
import type { StepHistory } from '../domain/stepDurations.ts';
import type { StepProgress } from '../domain/progress.ts';
import { stepsOf } from './environmentView.ts';
import { firstRuns } from './usualDurations.ts';

/** The history changes slowly: it is read at most once in this time by a process. Milliseconds of the target's time; the second one real. */
const [keptMs, leastKeptMs] = [60_000, 5_000];
const historyWithinMs = 2_000;

/** Adds to the steps that are running how long they usually take. */
export type StepUsuals = (steps: StepProgress[]) => Promise<ShownStep[]>;

/** Seconds of each step in this installation's newest successful first runs. */
export async function readStepHistory(client: Client): Promise<StepHistory> {
  const history: StepHistory = {};
  for (const { memo } of await firstRuns(client))
    for (const { id, since, finishedAt } of stepsOf(memo)) {
      if (since === null || finishedAt === null) continue;
      (history[id] ??= []).push((Date.parse(finishedAt) - Date.parse(since)) / 1000);
    }
  return history;
}

/** Without visibility, an environment is shown all the same, with estimates. */
const readHistoryInTime = (client: Client): Promise<StepHistory> =>
  client.withDeadline(Date.now() + historyWithinMs, () => readStepHistory(client)).catch(() => ({}));

export function createStepUsuals(client: Client, timeScale = 1): StepUsuals {
  const limitMs = Math.max(leastKeptMs, keptMs * timeScale);
  let kept: { at: number; history: Promise<StepHistory> } | undefined;
  return async (steps) => {
    if (!steps.some(({ state }) => state === 'running' || state === 'retrying')) return steps;
    if (!kept || Date.now() - kept.at > limitMs) {
      kept = { at: Date.now(), history: readHistoryInTime(client) };
    }
    const history = await kept.history;
    return steps.map((step) => {
      const usual = usualOfStep(step, history, { now: Date.now(), timeScale });
      return usual ? { ...step, usual } : step;
    });
  };
}
