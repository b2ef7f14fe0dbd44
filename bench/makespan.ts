/**
 * How long a provisioning run takes beside its critical path: the longest chain of the emulator's operation times, at the
 * default time scale. Prints the ratio of each run; fails above 1.25.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import durations from '../src/emulator/data/durations.json' with { type: 'json' };
import { nextFreePort } from '../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../src/main/temporal/executable.ts';
import { waitFor } from '../src/main/wait.ts';
import { createClient } from '../test/e2e/support/client.ts';
import { startMoat } from '../test/e2e/support/moat.ts';

const scale = 1 / 60;
const limit = 1.25;
const runs = 3;
/** Outbound path, network, virtual machine, its two scripts, deployment, traffic, the proof: nothing else takes longer. */
const chain = [
  'resourceGroup.put',
  'publicIPAddress.put',
  'natGateway.put',
  'virtualNetwork.put',
  'networkInterface.put',
  'virtualMachine.put',
  'jumpbox.setup',
  'image.build',
  'image.push',
  'model.upload',
  'onlineDeployment.put',
  'onlineEndpoint.traffic',
  'runCommand.minimum',
] as const;
const criticalSeconds = chain.reduce((sum, key) => sum + Number(durations[key][0]), 0) * scale;

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
const moat = await startMoat(address, 'bench', { MOAT_EMULATOR_TIME_SCALE: '1/60' });
const client = createClient(moat.url);
const ratios: number[] = [];
try {
  for (let run = 1; run <= runs; run++) {
    const name = `bench${run}`;
    const begun = performance.now();
    await client.create({ name, location: 'westus2' });
    const { state } = await client.until(name, 'ready', 'failed');
    const seconds = (performance.now() - begun) / 1000;
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
