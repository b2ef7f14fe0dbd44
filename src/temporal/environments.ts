import { EventEmitter } from 'node:events';
import type { Client } from '@temporalio/client';
import { noProofReason, environmentProofOf } from '../domain/proofDocument.ts';
import { Problem } from '../domain/problem.ts';
import { createActiveReader } from './activeEnvironments.ts';
import type { EnvironmentReads, Environments } from './contracts.ts';
import { createEnvironmentList } from './environmentList.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import { createQuota } from './environmentQuota.ts';
import type { EnvironmentsOptions } from './environmentDeps.ts';
import { requestLog } from './requestLog.ts';
import { createRequests } from './requests.ts';
import { readinessOf } from './temporalReadiness.ts';
import { createStepUsuals } from './stepUsuals.ts';
import { mapUnavailable } from './unavailable.ts';
import { createWatch } from './watchEnvironment.ts';
import { createListWatch } from './watchList.ts';

/** Environments as workflows: starts them, signals and updates them, and reads what Temporal's server stores about them. */
export function createEnvironments(client: Client, options: EnvironmentsOptions): Environments {
  const { subscriptionId, temporalUi, timeScale } = options;
  const links = { temporalUi, namespace: client.options.namespace, subscriptionId };
  const reader = createEnvironmentReader(client, links, createStepUsuals(client, timeScale));
  const touched = new EventEmitter();
  const quota = createQuota(client, options.policy);

  const reads = mapUnavailable<EnvironmentReads>({
    get: reader.get,
    ...createEnvironmentList(client, reader, links),
    countOf: quota.used,
    watch: createWatch(client, reader),
    watchAll: createListWatch(createActiveReader(client, reader, links), touched),
    log: async (name, range) => requestLog(client, await reader.getStored(name), range),
    async proof(name) {
      const stored = await reader.getStored(name);
      const proof = environmentProofOf(stored);
      if (!proof) throw new Problem('NoProof', noProofReason(stored));
      return proof;
    },
    runs: async (name) => (await reader.getStored(name)).runs.toReversed(),
    async run(name, runId) {
      const run = (await reader.getStored(name)).runs.find(({ id }) => id === runId);
      if (!run) throw new Problem('NotFound', `Run ${runId} of environment ${name} not found (the last 20 are kept).`);
      return run;
    },
    readiness: () => readinessOf(client),
  });
  return { ...reads, as: createRequests({ ...options, client, reader, quota }, touched) };
}
