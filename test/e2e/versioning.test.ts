import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('worker versioning', 'starts workers', () => {
  const timeScale = '1/400';
  let moat: Moat;
  let client: MoatClient;
  let temporal: Client;
  let newWorker: ReturnType<typeof startWorker> | undefined;

  /** Starts a second worker, as during a deployment. */
  function startWorker(buildId: string) {
    const env = {
      ...process.env,
      MOAT_DATA_DIR: moat.dataDir,
      MOAT_EMULATOR_PORT: new URL(moat.emulatorUrl).port,
      MOAT_EMULATOR_TIME_SCALE: timeScale,
      MOAT_BUILD_ID: buildId,
      TEMPORAL_ADDRESS: inject('temporal').address,
      TEMPORAL_NAMESPACE: moat.namespace,
    };
    return spawn(process.execPath, ['src/main/worker.ts'], { env, stdio: 'ignore' });
  }

  /** Does what `temporal worker deployment set-current-version` does; repeated until the build polls. */
  const makeCurrent = (buildId: string) =>
    until(`${buildId} is the current build`, async () => {
      const { namespace } = moat;
      await temporal.workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: 'moat', buildId });
      return true;
    });

  async function buildOf(workflowId: string): Promise<{ buildId: string; behavior: string }> {
    const { namespace } = moat;
    const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    const { deploymentVersion, behavior } = workflowExecutionInfo?.versioningInfo ?? {};
    return { buildId: deploymentVersion?.buildId ?? '', behavior: ['', 'pinned', 'current'][behavior ?? 0] ?? '' };
  }

  beforeAll(async () => {
    const { address } = inject('temporal');
    moat = await startMoat(address, 'versioning', { MOAT_EMULATOR_TIME_SCALE: timeScale, MOAT_BUILD_ID: 'a' });
    client = createClient(moat.url);
    temporal = new Client({ connection: await Connection.connect({ address }), namespace: moat.namespace });
  }, 120_000);
  afterAll(async () => {
    if (newWorker?.exitCode === null) {
      newWorker.kill('SIGKILL');
      await once(newWorker, 'exit');
    }
    await temporal.connection.close();
    await moat.close();
  });

  it('P09 a run ends on the build that started it; its environment is renewed and torn down by the current build', async () => {
    await makeCurrent('a');
    await client.create({ name: 'deploy1', location: 'westus2' });
    await until(
      'deploy1 is being provisioned',
      async () => (await client.get('deploy1')).steps[2]?.state === 'running',
    );

    newWorker = startWorker('b');
    await makeCurrent('b');
    await client.create({ name: 'deploy2', location: 'westus2' });
    for (const name of ['deploy1', 'deploy2'])
      expect((await client.until(name, 'ready', 'failed')).failure, name).toBeNull();

    expect(await buildOf('environment-deploy1:provision:1')).toEqual({ buildId: 'a', behavior: 'pinned' });
    expect(await buildOf('environment-deploy2:provision:1')).toEqual({ buildId: 'b', behavior: 'pinned' });

    // The environment moves to the current build when the old worker has ended.
    await moat.kill('worker');
    const { expiresAt } = (await client.get('deploy1')).lease;
    expect((await client.call('PATCH', '/environments/deploy1', { ttl: '48h' })).status).toBe(200);
    expect(Date.parse((await client.get('deploy1')).lease.expiresAt)).toBeGreaterThan(Date.parse(expiresAt));
    await client.call('DELETE', '/environments/deploy1');
    expect((await client.until('deploy1', 'deleted', 'blocked')).state).toBe('deleted');
    expect(await buildOf('environment-deploy1')).toEqual({ buildId: 'b', behavior: 'current' });
    expect(await buildOf('environment-deploy1:teardown:1')).toEqual({ buildId: 'b', behavior: 'pinned' });
  });
});
