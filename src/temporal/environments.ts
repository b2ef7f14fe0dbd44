import type { Client } from '@temporalio/client';
import { noProofReason, environmentProofOf } from '../domain/proofDocument.ts';
import { Problem } from '../domain/problem.ts';
import { createActiveReader } from './activeEnvironments.ts';
import { changeLease } from './changeLease.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { Environments } from './contracts.ts';
import { assertAccepted } from './earlyRefusal.ts';
import { ensureEnvironment } from './ensureEnvironment.ts';
import { createEnvironmentList } from './environmentList.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import type { EnvironmentsOptions } from './environmentDeps.ts';
import { requestLog } from './requestLog.ts';
import { readinessOf } from './temporalReadiness.ts';
import { requestScore } from './requestScore.ts';
import { cancelRun, removeEnvironment, verifyEnvironment } from './signalEnvironment.ts';
import { createStepUsuals } from './stepUsuals.ts';
import { mapUnavailable } from './unavailable.ts';
import { createWatch } from './watchEnvironment.ts';
import { createListWatch } from './watchList.ts';

/** Environments as workflows: starts them, signals and updates them, and reads what Temporal's server stores about them. */
export function createEnvironments(client: Client, options: EnvironmentsOptions): Environments {
  const { subscriptionId, temporalUi, timeScale } = options;
  const links = { temporalUi, namespace: client.options.namespace, subscriptionId };
  const reader = createEnvironmentReader(client, links, createStepUsuals(client, timeScale));
  const deps = { ...options, client, reader };

  /** Runs `call`. Where the environment's workflow has closed meanwhile, throws the problem of the environment's current state. */
  async function whileOpen<T>(name: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isClosed(error)) throw error;
      throw closedProblem(name, await reader.find(name));
    }
  }

  return mapUnavailable<Environments>({
    create: (spec) => ensureEnvironment(deps, spec),
    cancel: (name, request) => cancelRun(deps, name, request),
    verify: (name) => verifyEnvironment(deps, name),
    remove: (name) => removeEnvironment(deps, name),
    get: reader.get,
    ...createEnvironmentList(client, reader, links),
    watch: createWatch(client, reader),
    watchAll: createListWatch(createActiveReader(client, reader, links)),
    async change(name, change, idempotencyKey, caller) {
      const stored = await reader.getStored(name);
      if (stored.health !== 'ok') throw closedProblem(name, stored);
      // a teardown that is due to expiry accepts a renewal: only the workflow knows
      if (stored.record.state === 'deleted') assertAccepted('renew', stored.record);
      await whileOpen(name, () => changeLease(client, name, change, idempotencyKey, caller));
      return reader.get(name);
    },
    async score(name, request, idempotencyKey) {
      const stored = await reader.getStored(name);
      if (stored.health !== 'ok') throw closedProblem(name, stored);
      // a repeated request may find its own run in progress: then the workflow decides
      if (idempotencyKey === undefined) assertAccepted('score', stored.record);
      return whileOpen(name, () => requestScore(client, name, request, idempotencyKey));
    },
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
}
