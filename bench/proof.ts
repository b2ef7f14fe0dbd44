/**
 * `npm run bench:proof [-- divisor [runs]]`: compares the duration of a proof of isolation with its slowest probe, at time scale 1/divisor (2 unless
 * given). The workflow `verify` runs on a real Temporal server, with the real activities, on an environment in the emulator. Prints the ratio
 * of each proof; fails above 1.20.
 */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import durations from '../src/emulator/data/durations.json' with { type: 'json' };
import { workflowReports } from '../src/main/observability/workflowReports.ts';
import { taskQueues } from '../src/workflows/messages.ts';
import type { VerifyInput, VerifyResult } from '../src/workflows/verifyMessages.ts';
import { startEmulatorHarness } from '../test/activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../test/activities/emulatorHarness.ts';
import { createEnvironment } from '../test/activities/soundEnvironment.ts';
import { startTemporalServer } from '../test/workflows/temporalServer.ts';

const limit = 1.2;
/** Of one probe: `curl --max-time` on the jumpbox, and the worker's own limit. */
const probeSeconds = 15;

/**
 * Seconds at Azure's speed of the slowest probe: one run command whose script asks one host that never answers. Azure's agent takes
 * `runCommand.minimum` for any script, however short.
 */
const slowestProbeSeconds = Math.max(Number(durations['runCommand.minimum'][0]), probeSeconds);

/** A whole environment on an emulator at the time scale, built at a faster one. */
async function buildSlowly(timeScale: number): Promise<EmulatorHarness> {
  const fast = await startEmulatorHarness();
  try {
    await createEnvironment(fast, 'custom');
    const state = await fast.control('GET', 'state');
    const slow = await startEmulatorHarness({ timeScale });
    await slow.control('PUT', 'state', state);
    return slow;
  } finally {
    await fast.close();
  }
}

/** Runs proofs one after another. Returns the ratio of each: its duration to that of its slowest probe. Throws where a row has not passed. */
export async function measureProofs(divisor: number, runs: number): Promise<number[]> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const [harness, server] = await Promise.all([buildSlowly(1 / divisor), startTemporalServer()]);
  const connection = await NativeConnection.connect({ address: server.address });
  const client = new Client({ connection: await Connection.connect({ address: server.address }) });
  const { activities, ref } = harness;
  const workflowsPath = fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url));
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: taskQueues.workflows, workflowsPath, sinks: workflowReports() }),
    Worker.create({ connection, taskQueue: taskQueues.armRead, activities }),
    Worker.create({ connection, taskQueue: taskQueues.armWrite, activities }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const ratios: number[] = [];
  try {
    // the first one also loads the workers' code, and does not count
    for (let run = 0; run <= runs; run++) {
      const input: VerifyInput = {
        ref,
        runId: `verify-${run}`,
        workspacePublicNetworkAccess: 'disabled',
        onDrift: 'report',
        since: new Date().toISOString(),
      };
      const startedAt = performance.now();
      const { proof }: VerifyResult = await client.workflow.execute('verify', {
        taskQueue: taskQueues.workflows,
        workflowId: input.runId,
        args: [input],
      });
      const seconds = ((performance.now() - startedAt) / 1000) * divisor;
      if (!proof.complete) throw new Error(JSON.stringify(proof.rows.filter(({ verdict }) => verdict !== 'passed')));
      if (run > 0) ratios.push(seconds / slowestProbeSeconds);
    }
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
    await client.connection.close();
    await connection.close();
    await harness.close();
    await server.stop();
  }
  return ratios;
}

const ratios = await measureProofs(Number(process.argv[2] ?? 2), Number(process.argv[3] ?? 3));
for (const ratio of ratios)
  console.log(
    `proof ${(ratio * slowestProbeSeconds).toFixed(1)} s, slowest probe ${slowestProbeSeconds} s at Azure's speed, ratio ${ratio.toFixed(3)}`,
  );
process.exit(Math.max(...ratios) <= limit ? 0 : 1);
