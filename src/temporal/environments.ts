import { setTimeout as wait } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Environment, Spec, Target } from '../domain/environment.ts';
import { isExpired } from '../domain/lease.ts';
import { Problem } from '../domain/problem.ts';
import { newRecord } from '../domain/environmentRecord.ts';
import {
  cancelSignal,
  environmentWorkflowId,
  environmentWorkflowType,
  provisionSignal,
  recordMemoKey,
  runsMemoKey,
  searchAttributes,
  specHashMemoKey,
  subscriptionMemoKey,
  taskQueues,
  teardownSignal,
} from '../workflows/messages.ts';
import type { EnvironmentInput } from '../workflows/messages.ts';
import type { Environments } from './contracts.ts';
import { changeLease } from './changeLease.ts';
import { mapUnavailable } from './unavailable.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import type { StoredEnvironment } from './environmentReader.ts';
import { readinessOf } from './readiness.ts';
import { requestScore } from './requestScore.ts';
import { createEnvironmentList } from './environmentList.ts';
import { specHash } from './specHash.ts';
import { createWatch } from './watchEnvironment.ts';

export interface EnvironmentsOptions {
  target: Target;
  /** where new environments go */
  subscriptionId: string;
  temporalUi: string | null;
}

/** A workflow shows what a signal changed within milliseconds; without a worker it is told as it will be. */
const shownWithinMs = 3_000;
const lookEveryMs = 50;

/** Environments as workflows: starts them, signals them, and reads what Temporal's server knows of them. */
export function createEnvironments(
  client: Client,
  { target, subscriptionId, temporalUi }: EnvironmentsOptions,
): Environments {
  const base = { temporalUi, namespace: client.options.namespace, subscriptionId };
  const reader = createEnvironmentReader(client, base);
  const handleOf = (name: string) => client.workflow.getHandle(environmentWorkflowId(name));

  async function start(spec: Spec, hash: string): Promise<boolean> {
    const record = newRecord(spec, target, Date.now());
    const input: EnvironmentInput = { spec, specHash: hash, target, subscriptionId };
    try {
      await client.workflow.start(environmentWorkflowType, {
        workflowId: environmentWorkflowId(spec.name),
        taskQueue: taskQueues.workflows,
        args: [input],
        memo: {
          [recordMemoKey]: record,
          [runsMemoKey]: [],
          [specHashMemoKey]: hash,
          [subscriptionMemoKey]: subscriptionId,
        },
        typedSearchAttributes: [
          { key: searchAttributes.environment, value: spec.name },
          { key: searchAttributes.owner, value: spec.owner },
          { key: searchAttributes.state, value: record.state },
          { key: searchAttributes.expiresAt, value: new Date(record.lease.expiresAt) },
        ],
        staticSummary: `${spec.name}: isolated endpoint in ${spec.location}, for ${spec.owner}`,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  /** The environment once its workflow shows what was asked for. */
  async function shown(
    name: string,
    fine: (known: StoredEnvironment) => boolean,
    otherwise: Environment['state'],
  ): Promise<Environment> {
    for (const end = Date.now() + shownWithinMs; Date.now() < end; await wait(lookEveryMs)) {
      const known = await reader.known(name);
      if (fine(known)) return reader.withSteps(known);
    }
    return { ...(await reader.get(name)), state: otherwise };
  }

  async function create(spec: Spec): Promise<{ environment: Environment; ready: boolean }> {
    const { name } = spec;
    const hash = specHash(spec);
    if (await start(spec, hash)) return { environment: await reader.get(name), ready: false };
    const known = await reader.known(name);
    const { state } = known.record;
    if (state === 'deleting' || state === 'blocked' || state === 'deleted')
      throw new Problem(
        'BeingDeleted',
        `The environment ${name} is being taken down. POST it again when it is deleted.`,
      );
    if (known.specHash !== hash)
      throw new Problem(
        'SpecConflict',
        `There is an environment ${name} with another spec. Delete it first, or choose another name.`,
      );
    if (state === 'expired') {
      await changeLease(client, name, { ttl: spec.ttl }, undefined);
      if (known.record.spec === null) return create(spec);
      return { environment: await reader.get(name), ready: true };
    }
    if (state === 'failed' || state === 'cancelled' || known.record.spec === null) {
      // what is to stand again is leased again: a sweep would take it down in the middle
      if (isExpired(known.record.lease, Date.now())) await changeLease(client, name, { ttl: spec.ttl }, undefined);
      await handleOf(name).signal(provisionSignal, { spec });
      const begun = ({ record }: StoredEnvironment) => record.state !== state;
      return { environment: await shown(name, begun, 'provisioning'), ready: false };
    }
    return { environment: await reader.withSteps(known), ready: state === 'ready' };
  }

  async function cancel(name: string, options: { teardown: boolean }): Promise<Environment> {
    const { record } = await reader.known(name);
    const runs = record.run ? record.run.kind !== 'teardown' : record.state === 'provisioning';
    if (!runs) throw new Problem('NothingRuns', `No run that can be cancelled is at work on ${name}.`);
    await handleOf(name).signal(cancelSignal, options);
    return reader.get(name);
  }

  async function remove(name: string): Promise<Environment> {
    const known = await reader.known(name);
    const { state, lease } = known.record;
    if (state === 'deleted') return reader.withSteps(known);
    if (lease.protected)
      throw new Problem('Protected', `The environment ${name} is protected${lease.reason ? `: ${lease.reason}` : ''}.`);
    await handleOf(name).signal(teardownSignal);
    return shown(name, ({ record }) => record.state === 'deleting' || record.state === 'deleted', 'deleting');
  }

  return mapUnavailable<Environments>({
    create,
    cancel,
    remove,
    get: reader.get,
    list: createEnvironmentList(client, base),
    watch: createWatch(reader),
    async change(name, change, idempotencyKey) {
      const { record } = await reader.known(name);
      if (record.state === 'deleted') throw new Problem('BeingDeleted', `The environment ${name} is deleted.`);
      await changeLease(client, name, change, idempotencyKey);
      return reader.get(name);
    },
    async score(name, request, idempotencyKey) {
      const { record } = await reader.known(name);
      // a repeated request finds its own run at work: then the workflow decides
      if (idempotencyKey === undefined && (record.state !== 'ready' || record.run))
        throw new Problem(
          'NotReady',
          `The environment ${name} is ${record.run ? `busy with ${record.run.id}` : record.state}.`,
        );
      return requestScore(client, name, request, idempotencyKey);
    },
    runs: async (name) => (await reader.known(name)).runs.toReversed(),
    async run(name, runId) {
      const run = (await reader.known(name)).runs.find(({ id }) => id === runId);
      if (!run) throw new Problem('NotFound', `The environment ${name} remembers no run ${runId}.`);
      return run;
    },
    readiness: () => readinessOf(client),
  });
}
