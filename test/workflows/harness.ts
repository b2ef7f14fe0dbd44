import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.ts';
import { createSweepActivities } from '../../src/activities/sweep/sweepActivities.ts';
import type { WebhookOptions } from '../../src/activities/sweep/webhook.ts';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import type { Environment, EnvironmentState, Lease, Spec } from '../../src/domain/environment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { plannedResources } from '../../src/domain/resources.ts';
import { createSweepGateway } from '../../src/temporal/sweepGateway.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { taskQueues } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { createFakes, refNamed, specOf, subscriptionId } from './fakes.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

export const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const logger = new DefaultLogger('ERROR');

/** Looks again until `look` gives something; what it throws meanwhile is no failure yet. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, limitMs = 50_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end; await wait(25)) {
    try {
      const seen = await look();
      if (seen) return seen;
      last = undefined;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: last });
}

/** What sweeps go by, where there are some. */
export interface Sweeping {
  /** may be changed while the workflows are at work */
  settings: SweepSettings;
  webhook?: WebhookOptions;
  /** instead of those on the worlds */
  activities?: Partial<Activities>;
}

/**
 * Moat's workflows at work in a Temporal namespace of their own, over worlds in memory, one for each environment's name.
 * What happens is started and seen through the seam that the routes use.
 */
export async function startWorkflows(address: string, title: string, sweeping?: Sweeping) {
  Runtime.install({ logger });
  const [namespace, bundle, native, connection] = await Promise.all([
    ownNamespace(address, title),
    bundleWorkflowCode({ workflowsPath, logger }),
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace });
  await until('the namespace can be used', async () => {
    await setUpNamespace(client);
    return true;
  });

  const worlds = new Map<string, World>();
  function world(name: string): World {
    const known = worlds.get(name) ?? createWorld();
    worlds.set(name, known);
    return known;
  }

  const fakes = createFakes(world, worlds);
  const activities = { ...fakes, ...sweeping?.activities };
  const common = { connection: native, namespace };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.workflows,
      workflowBundle: bundle,
      ...(sweeping && {
        activities: createSweepActivities({
          gateway: createSweepGateway(client, sweeping.settings),
          webhook: sweeping.webhook ?? null,
        }),
      }),
    }),
    Worker.create({ ...common, taskQueue: taskQueues.armRead, activities }),
    Worker.create({ ...common, taskQueue: taskQueues.armWrite, activities }),
  ]);
  const running = workers.map((worker) => worker.run());
  const environments = createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null });

  async function untilEnvironment(name: string, fine: (environment: Environment) => boolean): Promise<Environment> {
    let last: Environment | undefined;
    return until(`${name} is as it should be`, async () => {
      last = await environments.get(name);
      return fine(last) && last;
    }).catch((error: unknown) => {
      throw new Error(JSON.stringify({ ...last, spec: undefined, links: undefined }), { cause: error });
    });
  }

  return {
    client,
    bundle,
    fakes,
    environments,
    world,
    untilEnvironment,
    untilState: (name: string, ...states: EnvironmentState[]) =>
      untilEnvironment(name, ({ state, run }) => states.includes(state) && run === null),
    create: async (name: string, change: Partial<Spec> = {}) =>
      (await environments.create(specOf(name, change))).environment,
    /** An environment that stands already, as one that continued as new does. */
    async standing(name: string, lease: Partial<Lease> = {}, change: Partial<Spec> = {}): Promise<World> {
      const own = world(name);
      own.group.exists = true;
      for (const { id, type } of plannedResources(refNamed(name)))
        own.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
      const spec = specOf(name, change);
      const fresh = newRecord(spec, 'emulator', Date.now());
      const record = { ...fresh, state: 'ready' as const, lease: { ...fresh.lease, ...lease } };
      await startEnvironment(client, {
        ref: refNamed(name),
        spec,
        specHash: specHash(spec),
        target: 'emulator',
        record,
        request: 'none',
      });
      return own;
    },
    async close(): Promise<void> {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await connection.close();
    },
  };
}

export type Workflows = Awaited<ReturnType<typeof startWorkflows>>;
