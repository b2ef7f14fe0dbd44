/**
 * `npm run bench:eta -- --runs 200 --time-scale 1/600`: how often the predicted durations hold. Provisions environments under faults through
 * the public API: first `--learn` runs that only fill the history, then `--runs` runs that are judged by what the API predicted when each
 * step, and each run, started. Prints the share of ends inside the stated 80 % range; `--json FILE` writes every prediction. Fails unless
 * the share of all steps is 75 to 85 %.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createEmulatorControl } from '../chaos/emulatorControl.ts';
import { backgroundFaults, hitsByEffect } from '../chaos/faults.ts';
import { startInstallation } from '../chaos/installation.ts';
import { locations } from '../chaos/plan.ts';
import { seeded } from '../chaos/random.ts';
import { createClient } from '../test/e2e/support/client.ts';
import { until } from '../test/e2e/support/until.ts';
import { coverage, coverageTable } from './eta/coverage.ts';
import type { Prediction } from './eta/coverage.ts';
import { predictedRun } from './eta/predictedRun.ts';
import type { LatestUsuals } from './eta/predictedRun.ts';

const text = { type: 'string' } as const;
const { values: options } = parseArgs({
  options: {
    runs: { ...text, default: '200' },
    learn: { ...text, default: '60' },
    concurrency: { ...text, default: '3' },
    'time-scale': { ...text, default: '1/600' },
    seed: { ...text, default: '1' },
    json: text,
  },
});
const [runs, learn, concurrency, seed] = [options.runs, options.learn, options.concurrency, options.seed].map(Number);
const installation = await startInstallation({ timeScale: options['time-scale'], workers: 1, log: console.error });
const emulator = createEmulatorControl(installation.emulatorUrl, installation.caFile);
const client = createClient(installation.url);
const random = seeded(seed!);
const latest: LatestUsuals = new Map();
const learned: Prediction[] = [];
const predictions: Prediction[] = [];
const failed: string[] = [];

/** Sample and location vary as a user's do; the same for the same seed. */
const specs = Array.from({ length: learn! + runs! }, (_, index) => ({
  name: `eta${index + 1}`,
  location: random.pick(locations),
  model: random.pick(['custom', 'mlflow']),
}));

async function runAll(queue: IterableIterator<(typeof specs)[number]>, isJudged: boolean): Promise<void> {
  for (const spec of queue) {
    const predicted = await predictedRun(client, spec, latest);
    if (predicted) (isJudged ? predictions : learned).push(...predicted);
    else failed.push(spec.name);
    // after every run: a measurement that is stopped is not lost
    if (options.json) await writeFile(options.json, JSON.stringify({ options, failed, learned, predictions }));
    console.error(`${spec.name} ${predicted ? `${predicted.find(({ of }) => of === 'run')?.seconds} s` : 'failed'}`);
  }
}

try {
  await until('the API is ready', async () => (await fetch(`${installation.url}/readyz`)).ok, 90_000);
  await emulator.raiseQuota(locations);
  for (const fault of backgroundFaults(seed!)) await emulator.addFault(fault);
  for (const isJudged of [false, true]) {
    const queue = (isJudged ? specs.slice(learn) : specs.slice(0, learn)).values();
    await Promise.all(Array.from({ length: concurrency! }, () => runAll(queue, isJudged)));
  }
  const rows = coverage(predictions);
  const faults = hitsByEffect(await emulator.faults());
  console.log(coverageTable(rows));
  console.log(`${failed.length} of ${specs.length} runs failed; faults: ${JSON.stringify(faults)}`);
  if (options.json)
    await writeFile(options.json, JSON.stringify({ options, rows, failed, faults, learned, predictions }));
  const { inside } = rows.find(({ of }) => of === 'all steps')!;
  process.exitCode = inside >= 0.75 && inside <= 0.85 ? 0 : 1;
} finally {
  await installation.close(false);
}
