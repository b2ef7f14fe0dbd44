import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Environment } from '../domain/environment.ts';
import { Problem } from '../domain/problem.ts';
import { environmentWorkflowType, runWorkflowId } from '../workflows/messages.ts';
import { storedRecord } from './lostEnvironment.ts';
import type { EnvironmentFilter } from './contracts.ts';
import { environmentOf, currentRun, stepsOf } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';

/** A cluster answers ten visibility calls a second: all callers of a process share one snapshot for this time. */
const snapshotMs = 1000;

const encodeCursor = (environment: Environment): string =>
  Buffer.from(`${environment.createdAt} ${environment.name}`).toString('base64url');
const decodeCursor = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^\S+Z \S+$/.test(text))
    throw new Problem('InvalidParameters', 'Validation failed.', {
      errors: [{ path: '/cursor', message: 'invalid cursor' }],
    });
  return text;
};
const sortKey = ({ createdAt, name }: Environment): string => `${createdAt} ${name}`;

const matches = (wanted: unknown, actual: unknown): boolean => wanted === undefined || wanted === actual;

function matchesFilter(
  { state, owner, lease }: Environment,
  filter: Omit<EnvironmentFilter, 'limit' | 'cursor'>,
): boolean {
  return (
    matches(filter.state, state) &&
    matches(filter.owner, owner) &&
    matches(filter.expired, Date.parse(lease.expiresAt) <= Date.now()) &&
    matches(filter.marked, lease.markedAt !== null) &&
    matches(filter.protected, lease.protected)
  );
}

/** Lists environments, newest first, from a snapshot of Temporal's visibility that all callers share. */
export function createEnvironmentList(client: Client, base: LinkOptions) {
  let snapshot: { at: number; environments: Promise<Environment[]> } | undefined;

  async function takeSnapshot(): Promise<Environment[]> {
    const latest = new Map<string, WorkflowExecutionInfo>();
    const query = `WorkflowType IN ('${environmentWorkflowType}', 'provision', 'teardown')`;
    for await (const execution of client.workflow.list({ query, pageSize: 1000 })) {
      const other = latest.get(execution.workflowId);
      if (!other || execution.startTime > other.startTime) latest.set(execution.workflowId, execution);
    }
    const environments = [...latest.values()].flatMap((execution) => {
      const stored = execution.type === environmentWorkflowType ? storedRecord(execution) : undefined;
      if (!stored) return [];
      const { record, runs } = stored;
      const run = currentRun(record, runs);
      return [environmentOf(record, stepsOf(run && latest.get(runWorkflowId(record.name, run.id))?.memo), base)];
    });
    return environments.toSorted((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
  }

  return async function list({
    limit,
    cursor,
    ...filter
  }: EnvironmentFilter): Promise<{ items: Environment[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (!snapshot || Date.now() - snapshot.at > snapshotMs) {
      snapshot = { at: Date.now(), environments: takeSnapshot() };
      snapshot.environments.catch(() => (snapshot = undefined));
    }
    const matching = (await snapshot.environments).filter(
      (environment) => matchesFilter(environment, filter) && (after === undefined || sortKey(environment) < after),
    );
    const items = matching.slice(0, limit);
    return { items, nextCursor: matching.length > limit ? encodeCursor(items.at(-1)!) : null };
  };
}
