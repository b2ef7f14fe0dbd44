import { createHash } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Environment, EnvironmentRecord, RunRecord } from '../domain/environment.ts';
import { Problem } from '../domain/problem.ts';
import {
  environmentWorkflowId,
  recordMemoKey,
  runWorkflowId,
  runsMemoKey,
  specHashMemoKey,
} from '../workflows/messages.ts';
import { pendingFailures } from './pendingFailures.ts';
import { environmentOf, currentRun, stepsOf, withPending } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';

/** An environment as Temporal's server knows it, without asking a worker. */
export interface StoredEnvironment {
  record: EnvironmentRecord;
  runs: RunRecord[];
  specHash: string;
  /** its workflow is open */
  open: boolean;
}

/** Reads environments from Temporal's server: two describes each. */
export function createEnvironmentReader(client: Client, base: LinkOptions) {
  async function describe(workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
    try {
      return await client.workflow.getHandle(workflowId).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** Throws NotFound. */
  async function known(name: string): Promise<StoredEnvironment> {
    const description = await describe(environmentWorkflowId(name));
    const record = description?.memo?.[recordMemoKey] as EnvironmentRecord | undefined;
    if (!description || !record) throw new Problem('NotFound', `There is no environment ${name}.`);
    return {
      record,
      runs: (description.memo?.[runsMemoKey] as RunRecord[] | undefined) ?? [],
      specHash: String(description.memo?.[specHashMemoKey]),
      open: description.status.name === 'RUNNING',
    };
  }

  async function withSteps({ record, runs }: StoredEnvironment): Promise<Environment> {
    const run = currentRun(record, runs);
    const child = run && (await describe(runWorkflowId(record.name, run.id)));
    // an earlier environment of the same name had runs with the same ids
    const current = child && child.startTime.getTime() >= Date.parse(run.startedAt) ? child : undefined;
    // a run that is no longer remembered did succeed where the environment stands
    const shown = stepsOf(current?.memo).map((step) =>
      !child && record.state === 'ready' ? { ...step, state: 'succeeded' as const } : step,
    );
    const pending = current?.status.name === 'RUNNING' ? (current.raw.pendingActivities ?? []) : [];
    const failures = await pendingFailures(pending, client.options.loadedDataConverter);
    return environmentOf(record, withPending(shown, failures), base);
  }

  return { known, withSteps, get: async (name: string): Promise<Environment> => withSteps(await known(name)) };
}

export type EnvironmentReader = ReturnType<typeof createEnvironmentReader>;

/** A state's name on the event stream: equal states have equal ids. */
export const eventId = (environment: Environment): string =>
  createHash('sha256').update(JSON.stringify(environment)).digest('hex').slice(0, 16);
