import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, mapToPayloads } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { encodeUnifiedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js';
import proto from '@temporalio/proto';
import { specDefaults } from '../src/api/newEnvironment.ts';
import type { EnvironmentRecord, RunRecord } from '../src/domain/environment.ts';
import { newRecord } from '../src/domain/environmentRecord.ts';
import { environmentRefOf } from '../src/domain/naming.ts';
import type { StoredRuns } from '../src/temporal/environmentReader.ts';
import { specHash } from '../src/temporal/specHash.ts';
import { environmentStartOptions } from '../src/temporal/startEnvironment.ts';
import { environmentWorkflowType } from '../src/workflows/messages.ts';

const { CommandType } = proto.temporal.api.enums.v1;

/** No worker of Moat polls it: what is open stays as it is. */
const taskQueue = 'known-environments';
const subscriptionId = '00000000-0000-4000-8000-000000000001';
/** How many are made at a time. */
const inParallel = 32;
const startDelaySeconds = 300 * 24 * 3600;
const complete = {
  commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

export interface KnownEnvironments {
  /** how many; names are `{prefix}00000` and on */
  count: number;
  /** default: `known` */
  prefix?: string;
  /** environments with such a record and runs; default: ready ones without a proof, whose memo is 1.5 KB instead of 35 KB */
  like?: (index: number) => StoredRuns;
  /** changes the record. One in state `deleted` has a completed workflow. */
  change?: (record: EnvironmentRecord, index: number) => Partial<EnvironmentRecord>;
}

/**
 * Makes environments known without provisioning them: workflows with memo and search attributes like Moat's own, in Temporal only. Temporal's
 * development server takes 4 ms of processor time for a ready one and 9 ms for a deleted one.
 */
export async function makeKnownEnvironments(client: Client, options: KnownEnvironments): Promise<string[]> {
  const { count, prefix = 'known', like = readyOne, change = () => ({}) } = options;
  const names = Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(5, '0')}`);
  const spec = { ...specDefaults, location: 'westus2', suffix: 'bench1', owner: 'ana@example.com', ttl: '8h' };
  let next = 0;
  const makeNext = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const { record, runs } = like(index);
      const name = names[index]!;
      const fresh = newRecord({ ...spec, name }, 'emulator', Date.now());
      const { createdAt, owner, lease } = fresh;
      const own = { ...record, name, spec: fresh.spec, createdAt, owner, lease };
      await make(client, { record: { ...own, ...change(own, index) }, runs });
    }
  };
  await Promise.all(Array.from({ length: inParallel }, makeNext));
  return names;
}

/** The run that made it ready, a while ago: Temporal keeps it no longer. */
function readyOne(): StoredRuns {
  const record = newRecord(
    { ...specDefaults, name: '', location: '', suffix: '', owner: '', ttl: '8h' },
    'emulator',
    Date.now(),
  );
  const { createdAt: at } = record;
  const run: RunRecord = {
    id: 'provision-1',
    kind: 'provision',
    startedAt: at,
    finishedAt: at,
    outcome: 'succeeded',
    failure: null,
    receipt: null,
  };
  return { record: { ...record, state: 'ready' }, runs: [run] };
}

/** The memo as the client's data converter encodes it. */
async function encodedMemo(client: Client, memo: Record<string, unknown>): Promise<Record<string, Payload>> {
  const plain = mapToPayloads(defaultPayloadConverter, memo);
  let payloads = Object.values(plain);
  for (const codec of client.options.dataConverter?.payloadCodecs ?? []) payloads = await codec.encode(payloads);
  return Object.fromEntries(Object.keys(plain).map((name, index) => [name, payloads[index]!]));
}

/** Starts the environment's workflow. That of a deleted one is completed: Temporal answers its start with its first task. */
async function make(client: Client, { record, runs }: StoredRuns): Promise<void> {
  const { namespace } = client.options;
  const spec = record.spec!;
  const ref = environmentRefOf(subscriptionId, spec);
  const { workflowId, memo, typedSearchAttributes } = environmentStartOptions({
    ref,
    spec,
    specHash: specHash(spec),
    target: record.target,
    record,
    runs,
  });
  const isDeleted = record.state === 'deleted';
  const { eagerWorkflowTask } = await client.workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    workflowType: { name: environmentWorkflowType },
    taskQueue: { name: taskQueue },
    requestId: randomUUID(),
    identity: taskQueue,
    memo: { fields: await encodedMemo(client, memo) },
    searchAttributes: { indexedFields: encodeUnifiedSearchAttributes(undefined, typedSearchAttributes) },
    // before the delay has passed, no task exists that waits for a worker
    ...(isDeleted ? { requestEagerExecution: true } : { workflowStartDelay: { seconds: startDelaySeconds as never } }),
  });
  if (!isDeleted) return;
  const taskToken = eagerWorkflowTask?.taskToken;
  if (!taskToken)
    throw new Error('Temporal does not answer a start with its first task (system.enableEagerWorkflowStart)');
  await client.workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken,
    commands: [complete],
    identity: taskQueue,
  });
}
