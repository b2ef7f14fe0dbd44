/**
 * `node bench/makespan.ts [divisor]`: compares the duration of a provision run with its critical path, the longest chain of
 * dependent tasks by the emulator's operation times, at time scale 1/divisor (60 unless given). Prints the ratio of each run; fails above 1.20 at 1/60 and
 * above 1.08 at a slower clock.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextFreePort } from '../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../src/main/temporal/executable.ts';
import { waitFor } from '../src/main/wait.ts';
import { createClient } from '../test/e2e/support/client.ts';
import { startMoat } from '../test/e2e/support/moat.ts';
import { criticalPath } from './criticalPath.ts';

/** First argument: divisor of Azure's time; second: number of runs. `limit` is the highest accepted ratio. */
const divisor = Number(process.argv[2] ?? 60);
const limit = divisor >= 60 ? 1.2 : 1.08;
const scale = 1 / divisor;
const runs = Number(process.argv[3] ?? 3);
const { seconds, tasks } = criticalPath();
const criticalSeconds = seconds * scale;
/** Far beyond the makespan: a run that hangs ends the benchmark. */
const runLimitMs = Math.max(60_000, 3_000 * criticalSeconds);
console.log(`critical path: ${tasks.join(', ')}`);

const directory = await mkdtemp(join(tmpdir(), 'moat-bench-'));
const port = await nextFreePort(27_000);
const address = `127.0.0.1:${port}`;
const server = spawnDevServer({
  executable: await temporalExecutable(console.log),
  port,
  file: join(directory, 'temporal.db'),
});
await waitFor(
  { what: `Temporal at ${address}`, limit: 30_000 },
  async () => (await temporalAnswers({ address }, 1_000)) || undefined,
);
// The critical path is computed from the means.
const settings = { MOAT_EMULATOR_TIME_SCALE: `1/${divisor}`, MOAT_EMULATOR_SEED: 'none' };
const moat = await startMoat(address, 'bench', settings);
const client = createClient(moat.url, undefined, runLimitMs);
const ratios: number[] = [];
try {
  for (let run = 1; run <= runs; run++) {
    const name = `bench${run}`;
    const startedAt = performance.now();
    await client.create({ name, location: 'westus2' });
    const { state } = await client.until(name, 'ready', 'failed');
    const seconds = (performance.now() - startedAt) / 1000;
    if (state !== 'ready') throw new Error(`${name} is ${state}`);
    ratios.push(seconds / criticalSeconds);
    console.log(
      `${name}  ${seconds.toFixed(1)} s, critical path ${criticalSeconds.toFixed(1)} s, ratio ${ratios.at(-1)!.toFixed(3)}`,
    );
  }
} finally {
  await moat.close();
  server.kill();
  await rm(directory, { recursive: true, force: true });
}
process.exit(Math.max(...ratios) <= limit ? 0 : 1);
