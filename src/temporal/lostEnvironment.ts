import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { EnvironmentRecord, RunRecord } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { recordMemoKey, runsMemoKey } from '../workflows/messages.ts';

/** A workflow task succeeds at its first attempt, or at the second after a worker was lost. The third means that this workflow cannot proceed. */
const failingAfterAttempts = 3;

const lostCode = 'WorkflowLost';

/** Whether the record is of an environment whose workflow was ended from outside. */
export const isLost = ({ failure }: EnvironmentRecord): boolean => failure?.code === lostCode;

type Execution = Pick<WorkflowExecutionInfo, 'memo'> & { status: { name: string } };

/** The record and runs in an environment workflow's memo, marked as lost where it was ended from outside. Undefined for other workflows. */
export function storedRecord({
  memo,
  status,
}: Execution): { record: EnvironmentRecord; runs: RunRecord[]; lost: boolean } | undefined {
  const record = memo?.[recordMemoKey] as EnvironmentRecord | undefined;
  if (!record) return undefined;
  const runs = (memo?.[runsMemoKey] as RunRecord[] | undefined) ?? [];
  const open = status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
  if (open || record.state === 'deleted') return { record, runs, lost: false };
  const failure = lostFailure(`The environment's workflow was ended from outside (${status.name}).`, lostCode);
  return {
    record: { ...record, state: 'failed', run: null, failure },
    runs: runs.map((run) => (run.outcome === 'running' ? { ...run, outcome: 'failed', failure } : run)),
    lost: true,
  };
}

/** The failure of an open workflow whose tasks keep failing; undefined for a workflow that can proceed. */
export function taskFailure({ status, raw }: WorkflowExecutionDescription): Failure | undefined {
  const attempts = raw.pendingWorkflowTask?.attempt ?? 0;
  if (status.name !== 'RUNNING' || attempts < failingAfterAttempts) return undefined;
  return lostFailure(
    `The environment's workflow cannot proceed: its task failed ${attempts} times.`,
    'WorkflowTaskFailed',
  );
}

const lostFailure = (message: string, code: string): Failure => ({
  step: null,
  type: 'Unknown',
  code,
  message,
  remedy: 'DELETE the environment to tear its resource group down, or POST it again to complete it.',
  correlationId: null,
  log: null,
});
