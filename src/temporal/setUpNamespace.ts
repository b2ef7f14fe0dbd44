import { setTimeout as wait } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../workflows/searchAttributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const indexedType = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
};
const retentionSeconds = 30 * 24 * 3600;
const alreadyExists = 6;

/** A SQL store has three columns for times, and three for booleans. */
const [invalidArgument, attempts, retryMs] = [3, 20, 250];

/**
 * Prepares a namespace of a dev server or a cluster: adds the search attributes (a workflow that upserts an unknown one hangs) and sets
 * the retention to 30 days. Idempotent.
 */
export async function setUpNamespace(client: Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await addSearchAttributes(client);
      break;
    } catch (error) {
      if (attempt === attempts || !hasCode(error, invalidArgument)) throw error;
    }
    // other processes that start at this moment have taken the last column
    await configureNamespace(client);
    await wait(retryMs);
  }
  await configureNamespace(client);
}

const hasCode = (error: unknown, code: number): boolean => isGrpcServiceError(error) && (error.code as number) === code;

async function addSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  for (const { name, type } of Object.values(searchAttributes)) {
    if (customAttributes?.[name]) continue;
    try {
      await operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: indexedType[type] } });
    } catch (error) {
      // another process has added it meanwhile
      if (!hasCode(error, alreadyExists)) throw error;
    }
  }
}

/** Sets the retention, and frees surplus columns. */
async function configureNamespace(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { workflowService } = client.connection;
  const { config } = await workflowService.describeNamespace({ namespace });
  const change = {
    ...(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) < retentionSeconds && {
      workflowExecutionRetentionTtl: { seconds: retentionSeconds as never },
    }),
    ...withoutSurplusAliases(config?.customSearchAttributeAliases ?? {}),
  };
  if (Object.keys(change).length > 0) await workflowService.updateNamespace({ namespace, config: change });
}

/**
 * On a SQL store, processes that add an attribute at the same moment each get a column for it: written to one, it is
 * then not found in the other. Each process checks after adding, and frees all columns but the first by name.
 */
function withoutSurplusAliases(aliases: Record<string, string>): {
  customSearchAttributeAliases?: Record<string, string>;
} {
  const ours = new Set<string>(Object.values(searchAttributes).map(({ name }) => name));
  const taken = new Set<string>();
  const surplus = Object.entries(aliases)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, name]) => ours.has(name) && (taken.has(name) || !taken.add(name)));
  return surplus.length === 0
    ? {}
    : { customSearchAttributeAliases: Object.fromEntries(surplus.map(([column]) => [column, ''])) };
}
