import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord, ShownStep } from '../../src/domain/environment.ts';
import type { UsualDuration } from '../../src/domain/plan.ts';
import type { StepUsual } from '../../src/domain/stepDurations.ts';
import type { MoatClient } from '../../test/e2e/support/client.ts';
import type { Prediction } from './coverage.ts';

const pollMs = 500;

/** The newest prediction of each step, whichever environment showed it: for steps that end between two polls. */
export type LatestUsuals = Map<string, StepUsual>;

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/**
 * Plans an environment, provisions it through the API, and compares what was predicted at the start with what was observed. A run that
 * fails has no end to compare: undefined.
 */
export async function predictedRun(
  client: MoatClient,
  spec: { name: string; location: string; model: string },
  latest: LatestUsuals,
): Promise<Prediction[] | undefined> {
  const { name } = spec;
  const planned = await client.call('POST', '/plans', spec);
  const created = await client.create(spec);
  if (created.status !== 202) throw new Error(`${name}: ${created.status} ${JSON.stringify(created.body)}`);
  const first = new Map<string, StepUsual>();
  const unusual = new Set<string>();
  for (;;) {
    const { state, steps } = (await client.get(name)) as unknown as { state: string; steps: ShownStep[] };
    for (const { id, usual } of steps ?? []) {
      if (!usual) continue;
      if (!first.has(id)) first.set(id, usual);
      latest.set(id, usual);
      if (usual.unusual) unusual.add(id);
    }
    if (state === 'failed') return undefined;
    if (state === 'ready') return [...stepPredictions(name, steps, first, latest, unusual), ...(await runPrediction())];
    await sleep(pollMs);
  }

  async function runPrediction(): Promise<Prediction[]> {
    if (planned.status !== 200) return [];
    const { duration } = planned.body as { duration: UsualDuration };
    const { items } = (await client.call('GET', `/environments/${name}/runs`)).body as { items: RunRecord[] };
    const { startedAt, finishedAt } = items.find(({ id }) => id === 'provision-1')!;
    return [
      { environment: name, of: 'run', ...duration, seconds: secondsBetween(startedAt, finishedAt!), unusual: false },
    ];
  }
}

function stepPredictions(
  environment: string,
  steps: readonly ShownStep[],
  first: ReadonlyMap<string, StepUsual>,
  latest: LatestUsuals,
  unusual: ReadonlySet<string>,
): Prediction[] {
  return steps.flatMap(({ id, since, finishedAt }) => {
    const usual = first.get(id) ?? latest.get(id);
    if (!usual || since === null || finishedAt === null) return [];
    const seconds = secondsBetween(since, finishedAt);
    return [{ environment, of: id, ...usual, seconds, unusual: unusual.has(id) }];
  });
}
