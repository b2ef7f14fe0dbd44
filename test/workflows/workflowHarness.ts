import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createEnvironmentActivities } from '../../src/activities/environment/environmentActivities.ts';
import type { Activities } from '../../src/activities/index.ts';
import { createMoveActivities } from '../../src/activities/moves/moveActivities.ts';
import { createProofActivities } from '../../src/activities/proofs/proofActivities.ts';
import { createSweepActivities } from '../../src/activities/sweep/sweepActivities.ts';
import type { WebhookOptions } from '../../src/activities/sweep/webhook.ts';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import type { Environment, EnvironmentState, Lease, Spec } from '../../src/domain/environment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { plannedResources } from '../../src/domain/resources.ts';
import { workflowReports } from '../../src/main/observability/workflowReports.ts';
import { workflowBundle } from '../../src/main/workflowBundle.ts';
import { createEnvironmentGateway } from '../../src/temporal/environmentGateway.ts';
import { createMoveGateway } from '../../src/temporal/moveGateway.ts';
import { createReadyEnvironments } from '../../src/temporal/readyEnvironments.ts';
import { createSweepGateway } from '../../src/temporal/sweepGateway.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { readinessOf } from '../../src/temporal/temporalReadiness.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { taskQueues } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { createFakeActivities } from './fakeActivities.ts';
import { refNamed, specOf, subscriptionId, withRequests } from './fixtures.ts';
import { createFakeArm } from './fakeArm.ts';
import type { FakeArm } from './fakeArm.ts';

const logger = new DefaultLogger('ERROR');

/** Polls until `poll` returns a truthy value and returns that. Errors that `poll` throws before are ignored. */
export async function until<T>(
  description: string,
  poll: () => Promise<T | undefined | false>,
  limitMs = 50_000,
): Promise<T> {
  let lastError: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end; await wait(25)) {
    try {
      const result = await poll();
      if (result) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
  }
  throw new Error(`timed out after ${limitMs} ms: ${description}`, { cause: lastError });
}

export interface HarnessOptions {
  /** for sweeps; may be changed while the workers run */
  sweepSettings?: SweepSettings;
  webhook?: WebhookOptions;
  /** replace fake activities */
  activities?: Partial<Activities>;
}

/**
 * Runs Moat's workflows in their own Temporal namespace. The activities are fakes on an in-memory ARM per environment. Tests use the
 * same `environments` interface as the routes.
 */
export async function startWorkflowHarness(address: string, title: string, options: HarnessOptions = {}) {
  Runtime.install({ logger });
  const [namespace, bundle, native, connection] = await Promise.all([
    ownNamespace(address, title),
    workflowBundle({ kind: 'plain', logger }),
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace });
  await until('the namespace is ready', async () => {
    await setUpNamespace(client);
    return true;
  });

  const arms = new Map<string, FakeArm>();
  function arm(name: string): FakeArm {
    const existing = arms.get(name) ?? createFakeArm();
    arms.set(name, existing);
    return existing;
  }

  const fakeActivities = createFakeActivities(arm, arms);
  const activities = { ...fakeActivities, ...options.activities };
  const common = { connection: native, namespace };
  const { sweepSettings } = options;
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.workflows,
      workflowBundle: bundle,
      sinks: workflowReports(),
      activities: {
        ...createProofActivities(createReadyEnvironments(client)),
        ...createEnvironmentActivities(createEnvironmentGateway(client)),
        ...createMoveActivities(createMoveGateway(client)),
        // as in a worker without a webhook
        deliverWebhook: async () => undefined,
        ...(sweepSettings &&
          createSweepActivities({
            gateway: createSweepGateway(client, sweepSettings),
            webhook: options.webhook ?? null,
          })),
      },
    }),
    Worker.create({ ...common, taskQueue: taskQueues.armRead, activities }),
    Worker.create({ ...common, taskQueue: taskQueues.armWrite, activities }),
  ]);
  const workerRuns = workers.map((worker) => worker.run());
  await until('a worker polls', async () => (await readinessOf(client)).worker);
  const environments = withRequests(
    createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null }),
  );

  async function untilEnvironment(
    name: string,
    condition: (environment: Environment) => boolean,
  ): Promise<Environment> {
    let last: Environment | undefined;
    return until(`${name} meets the condition`, async () => {
      last = await environments.get(name);
      return condition(last) && last;
    }).catch((error: unknown) => {
      throw new Error(JSON.stringify({ ...last, spec: undefined, links: undefined }), { cause: error });
    });
  }

  return {
    client,
    fakeActivities,
    environments,
    arm,
    untilEnvironment,
    untilState: (name: string, ...states: EnvironmentState[]) =>
      untilEnvironment(name, ({ state, run }) => states.includes(state) && run === null),
    untilRunEnded: (name: string, runId: string) =>
      until(`run ${runId} of ${name} has ended`, async () => {
        const runs = await environments.runs(name);
        return runs.some(({ id, outcome }) => id === runId && outcome !== 'running');
      }),
    create: async (name: string, change: Partial<Spec> = {}) =>
      (await environments.create(specOf(name, change), { isSuffixChosen: change.suffix !== undefined })).environment,
    /** Starts the workflow of an environment that is ready, without a provisioning run. */
    async createReady(name: string, lease: Partial<Lease> = {}, change: Partial<Spec> = {}): Promise<FakeArm> {
      const fakeArm = arm(name);
      fakeArm.group.exists = true;
      for (const { id, type } of plannedResources(refNamed(name)))
        fakeArm.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
      const spec = specOf(name, change);
      const created = newRecord(spec, 'emulator', Date.now());
      const record = { ...created, state: 'ready' as const, lease: { ...created.lease, ...lease } };
      await startEnvironment(client, {
        ref: refNamed(name),
        spec,
        specHash: specHash(spec),
        target: 'emulator',
        record,
        request: 'none',
      });
      return fakeArm;
    },
    async close(): Promise<void> {
      for (const worker of workers) worker.shutdown();
      await Promise.all(workerRuns);
      await native.close();
      await connection.close();
    },
  };
}

export type WorkflowHarness = Awaited<ReturnType<typeof startWorkflowHarness>>;
