import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Environment, ShownStep } from '../domain/environment.ts';
import {
  environmentWorkflowId,
  environmentWorkflowType,
  runWorkflowId,
  searchAttributes,
} from '../workflows/messages.ts';
import type { EnvironmentReader, StoredRuns } from './environmentReader.ts';
import { currentRun, environmentOf, stepsOf } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';
import { storedRecord } from './lostEnvironment.ts';

/** An environment as it was read last. */
export interface ActiveEnvironment {
  stored: StoredRuns;
  /** as in an item of a list: its steps have no resources */
  environment: Environment;
}

/**
 * Environments that changed or closed, and runs that closed, since then; and all runs in progress. One query, so one of ten visibility calls a second.
 * On a SQL store an open workflow has a close time far in the future.
 */
function queryOf(since: number): string {
  const time = `'${new Date(since).toISOString()}'`;
  const closed = `(ExecutionStatus != 'Running' AND CloseTime > ${time})`;
  return [
    `(WorkflowType = '${environmentWorkflowType}' AND (${searchAttributes.changedAt.name} > ${time} OR ${closed}))`,
    `(WorkflowType IN ('provision', 'teardown') AND (ExecutionStatus = 'Running' OR ${closed}))`,
  ].join(' OR ');
}

/** The newest execution of each workflow. */
async function readExecutions(client: Client, since: number): Promise<Map<string, WorkflowExecutionInfo>> {
  const newest = new Map<string, WorkflowExecutionInfo>();
  for await (const execution of client.workflow.list({ query: queryOf(since), pageSize: 1000 })) {
    const other = newest.get(execution.workflowId);
    if (!other || execution.startTime > other.startTime) newest.set(execution.workflowId, execution);
  }
  return newest;
}

/** `environment-churn1:provision:1` belongs to `churn1`. */
const nameOf = (workflowId: string): string => workflowId.slice(environmentWorkflowId('').length).split(':')[0]!;

const withoutResources = (steps: readonly ShownStep[]): ShownStep[] =>
  steps.map((step) => ({ ...step, resources: [] }));

/**
 * Reads the environments that have changed since a time (ms since 1970) or have a run in progress, by name. Describes only those that the query does not
 * show completely and that are not in `known`.
 */
export function createActiveReader(client: Client, reader: EnvironmentReader, links: LinkOptions) {
  return async function readActive(
    since: number,
    known: ReadonlyMap<string, ActiveEnvironment>,
  ): Promise<Map<string, ActiveEnvironment>> {
    const executions = await readExecutions(client, since);
    const names = [...new Set([...executions.keys()].map(nameOf))];

    async function read(name: string): Promise<[string, ActiveEnvironment][]> {
      const before = known.get(name);
      const own = executions.get(environmentWorkflowId(name));
      const stored = (own && storedRecord(own)) ?? before?.stored ?? (await reader.find(name));
      if (!stored) return [];
      const { record, runs } = stored;
      const run = currentRun(record, runs);
      const child = run && executions.get(runWorkflowId(name, run.id));
      const same = before && JSON.stringify(before.stored.record) === JSON.stringify(record);
      if (!child && same) return [[name, before]];
      // an earlier environment of the same name had runs with the same ids
      const steps =
        child && child.startTime.getTime() >= Date.parse(run.startedAt)
          ? stepsOf(child.memo)
          : (await reader.withSteps(stored)).steps;
      return [[name, { stored: { record, runs }, environment: environmentOf(record, withoutResources(steps), links) }]];
    }

    return new Map((await Promise.all(names.map(read))).flat());
  };
}

export type ReadActive = ReturnType<typeof createActiveReader>;
