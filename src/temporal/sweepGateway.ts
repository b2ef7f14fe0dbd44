import { ScheduleNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { recoverFromTags } from '../domain/recovery.ts';
import type { EnvironmentRecord } from '../domain/environment.ts';
import { groupName } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import type { SweepEntry } from '../domain/sweep/entry.ts';
import type { EnvironmentView, FoundGroup } from '../domain/sweep/inputs.ts';
import type { SweepOutcome, SweepGateway, SweepSettings } from '../domain/sweep/gateway.ts';
import {
  environmentWorkflowId,
  environmentWorkflowType,
  markUpdate,
  recordMemoKey,
  refMemoKey,
  repairTagsUpdate,
  scheduleId,
  teardownExpiredUpdate,
  groupGone,
} from '../workflows/messages.ts';
import { previousSweeps } from './previousSweeps.ts';
import { startEnvironment } from './startEnvironment.ts';
import { updateEnvironment, updateFailureOf } from './environmentUpdate.ts';

/** Number of environment names per query. */
const namesPerQuery = 100;
/** Time for the workflow to write the group's tags; a longer write is not awaited. */
const answerWithinMs = 20_000;

const done = (text: string): SweepOutcome => ({ text, done: true, off: false });
const refused = (text: string): SweepOutcome => ({ text, done: false, off: false });

/** Calls an environment's workflow; a refusal is an outcome, not an error. */
async function callEnvironment(call: () => Promise<unknown>, text: string): Promise<SweepOutcome> {
  try {
    await call();
    return done(text);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return refused('the environment has no workflow');
    const refusal = updateFailureOf(error);
    if (refusal?.type === 'NotExpired') return refused('the lease is no longer expired');
    if (refusal?.type === 'RunInProgress') return refused('a run is in progress');
    if (refusal?.type === groupGone) return refused('gone: the resource group is deleted, or being deleted');
    // requested before, by this sweep or another
    if (refusal?.type === 'BeingDeleted') return done('already being deleted');
    if (refusal) return refused(`${refusal.type}: ${refusal.message}`);
    if (error instanceof Problem) return refused(error.message);
    throw error;
  }
}

const expected = ({ subscriptionId, expiresAt }: SweepEntry) => ({ subscriptionId, expiresAt: expiresAt! });

/** The name of an adopted group does not follow from the environment's. */
const ownName = ({ group, name }: FoundGroup): Pick<EnvironmentRef, 'group'> =>
  group.toLowerCase() === groupName({ name: name! }) ? {} : { group };

async function viewsOf(client: Client, names: readonly string[]): Promise<EnvironmentView[]> {
  const ids = names.map((name) => `'${environmentWorkflowId(name)}'`).join(', ');
  const query = `WorkflowType = '${environmentWorkflowType}' AND ExecutionStatus = 'Running' AND WorkflowId IN (${ids})`;
  const found: EnvironmentView[] = [];
  for await (const { memo } of client.workflow.list({ query, pageSize: namesPerQuery })) {
    const record = memo?.[recordMemoKey] as EnvironmentRecord | undefined;
    if (!memo || !record) continue;
    const { name, state, lease } = record;
    const { subscriptionId } = memo[refMemoKey] as EnvironmentRef;
    found.push({ name, subscriptionId, state, ...lease });
  }
  return found;
}

/** Access of sweeps to Temporal and to the environments' workflows. `settings` are those of this process. */
export function createSweepGateway(client: Client, settings: SweepSettings): SweepGateway {
  async function paused(): Promise<boolean> {
    try {
      return (await client.schedule.getHandle(scheduleId).describe()).state.paused;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    }
  }

  return {
    settings: async () => ((await paused()) ? { ...settings, mode: 'off' } : settings),

    async views(names) {
      const found: EnvironmentView[] = [];
      for (let from = 0; from < names.length; from += namesPerQuery)
        found.push(...(await viewsOf(client, names.slice(from, from + namesPerQuery))));
      return found;
    },

    previousSweeps: (ownId) => previousSweeps(client, ownId),

    async recover(group) {
      const { subscriptionId, location } = group;
      const record = recoverFromTags(group, settings.target, Date.now());
      const started = await startEnvironment(client, {
        // the workflow reads the suffix from the group
        ref: { subscriptionId, name: record.name, location, suffix: '', ...ownName(group) },
        spec: null,
        specHash: group.spec ?? '',
        target: settings.target,
        record,
        recover: true,
        request: 'none',
      });
      return done(started ? 'recovered from its tags' : 'the environment already has a workflow');
    },

    repair: (entry) =>
      callEnvironment(
        () => updateEnvironment(client, entry.name, repairTagsUpdate, { input: {}, answerWithinMs }),
        'tags written',
      ),

    mark: (entry, at) =>
      callEnvironment(
        () => updateEnvironment(client, entry.name, markUpdate, { input: { ...expected(entry), at }, answerWithinMs }),
        `marked at ${at}`,
      ),

    tearDown: (entry, sweepId) =>
      callEnvironment(
        () =>
          updateEnvironment(client, entry.name, teardownExpiredUpdate, {
            input: { ...expected(entry), ...(settings.webhook && { notifySweep: sweepId }) },
            answerWithinMs,
          }),
        'teardown requested',
      ),
  };
}
