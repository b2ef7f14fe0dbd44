import { randomUUID } from 'node:crypto';
import type { LoggedRequest } from '../src/emulator/http/requestLog.ts';

/** A write of a provisioning run, for another client to send. */
export interface RecordedWrite {
  method: 'PUT' | 'DELETE';
  /** ARM id */
  id: string;
  apiVersion: string;
  body: Record<string, unknown>;
}

/** Placeholders of what Azure chooses: they are known once identity and workspace exist. */
export const placeholders = { principalId: '{principalId}', clientId: '{clientId}', workspaceId: '{workspaceId}' };

interface Names {
  name: string;
  suffix: string;
}

/** Values that Azure chose in the recorded run, with their placeholders. */
function chosenByAzure(text: string): [value: string, placeholder: string][] {
  const find = (pattern: RegExp): string => {
    const value = pattern.exec(text)?.[1];
    if (value === undefined) throw new Error(`the recorded run has no ${pattern.source}`);
    return value;
  };
  return [
    [find(/"principalId":"([^"]+)"/), placeholders.principalId],
    [find(/"MOAT_CLIENT_ID","value":"([^"]+)"/), placeholders.clientId],
    [find(/azureml-blobstore-([0-9a-f-]{36})/), placeholders.workspaceId],
  ];
}

/** Ids of role assignments and definitions, which are unique in a tenant. */
const roleId = /\/(?:roleAssignments|roleDefinitions)\/([0-9a-f-]{36})$/;

/** Scripts run until they end, and the proof, which is Moat's own, is left out. */
function plain(write: RecordedWrite): RecordedWrite {
  if (!write.id.includes('/runCommands/')) return write;
  const properties = { ...(write.body['properties'] as object), asyncExecution: false };
  return { ...write, body: { ...write.body, properties } };
}

/**
 * The accepted writes of one environment's run, in their order, for the resources of another environment. `names` must not be parts of other texts: they
 * are replaced everywhere. Throws when the run is not complete.
 */
export function recordedWrites(requests: readonly LoggedRequest[], from: Names, to: Names): RecordedWrite[] {
  const writes = requests.filter(
    ({ method, path, status }) =>
      ['PUT', 'DELETE'].includes(method) &&
      path.includes(`/rg-moat-${from.name}`) &&
      !path.includes('/runCommands/verify') &&
      (status ?? 500) < 300,
  );
  const recorded = writes.map(({ method, path, query, body }) =>
    plain({ method: method as RecordedWrite['method'], id: path, apiVersion: query['api-version'] ?? '', body }),
  );
  const text = JSON.stringify(recorded);
  const roleIds = recorded.flatMap(({ id }) => roleId.exec(id)?.[1] ?? []);
  const replaced: [string, string][] = [
    ...chosenByAzure(text),
    ...roleIds.map((id): [string, string] => [id, randomUUID()]),
    // the name of a custom role contains the beginning of its id
    ...roleIds.map((id): [string, string] => [id.slice(0, 8), randomUUID().slice(0, 8)]),
    [from.name, to.name],
    [from.suffix, to.suffix],
  ];
  const result = replaced.reduce((all, [value, by]) => all.replaceAll(value, by), text);
  return JSON.parse(result) as RecordedWrite[];
}
