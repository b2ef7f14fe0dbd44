import { isCancellation } from '@temporalio/workflow';
import { blockerOf, foreignResource, locksOn, stillExists, unsealedGroup } from '../domain/blockers.ts';
import type { Lock } from '../domain/blockers.ts';
import type { Blocker, TeardownReceipt } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { retry } from './retry.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { failureOf } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';

export type RemovalProof = TeardownReceipt['removed'][number]['proof'];

/** Collects the receipt of a teardown: what was removed and how that is known, what remains, and the blockers. */
export function createTeardownReceipt(
  site: EnvironmentRef,
  progress: RunProgress,
  earlier: TeardownReceipt['removed'],
) {
  const removed = new Map(earlier.map((row) => [row.id.toLowerCase(), row]));
  const remaining = new Set<string>();
  const blockers = new Map<string, Blocker>();
  const failed = new Map<StepId, Failure>();
  let locks: Promise<Lock[]> | undefined;

  const add = (blocker: Blocker): unknown =>
    blockers.set(`${blocker.resource} ${blocker.command}`.toLowerCase(), blocker);

  /** Read once, when something is locked. Without the right to read locks, the blocker's command lists them. */
  const readLocks = (): Promise<Lock[]> =>
    (locks ??= armRead.listLocks
      .executeWithOptions(activityOptions('resourceGroup', 'list', 'locks'), [{ site }])
      .catch((error: unknown) => {
        if (isCancellation(error)) throw error;
        return [];
      }));

  async function block(step: StepId, id: string, failure: Failure): Promise<void> {
    const locked = failure.code === 'ScopeLocked' ? locksOn(id, await readLocks()) : [];
    const found = locked.length > 0 ? locked : [blockerOf(site, id, failure)];
    found.forEach(add);
    remaining.add(id);
    failed.set(step, { ...failure, message: found[0]!.reason, remedy: found[0]!.command });
    progress.resource(step, id, 'Blocked');
  }

  return {
    remaining,
    isRemoved: (id: string): boolean => removed.has(id.toLowerCase()),
    isBlocked: (): boolean => blockers.size > 0,
    /** Records that nothing has the id any more, and how that is known. */
    record: (id: string, proof: RemovalProof): unknown => removed.set(id.toLowerCase(), { id, proof }),
    /** Repeats `work` while it fails for a passing reason. A permanent failure becomes a blocker; the result is then false. */
    async attempt(step: StepId, id: string, work: (readFirst: boolean) => Promise<void>): Promise<boolean> {
      progress.begin(step);
      try {
        await retry(
          (attempt) => work(attempt > 1),
          (error) => progress.again(step, failureOf(error, step)),
        );
        return true;
      } catch (error) {
        if (isCancellation(error)) throw error;
        await block(step, id, failureOf(error, step));
        return false;
      }
    },
    addForeign(ids: readonly string[]): void {
      ids.map(foreignResource).forEach(add);
      ids.forEach((id) => remaining.add(id));
    },
    addUnsealedGroup(): void {
      add(unsealedGroup(site));
      remaining.add(groupId(site));
    },
    addExisting(ids: readonly string[]): void {
      ids.map(stillExists).forEach(add);
      ids.forEach((id) => remaining.add(id));
    },
    build(): TeardownReceipt {
      progress.endRest(blockers.size > 0 ? 'skipped' : 'succeeded', blockers.size > 0 ? 'Blocked' : null);
      for (const [step, failure] of failed) progress.fail(step, failure);
      return {
        removed: [...removed.values()],
        remaining: [...remaining].filter((id) => !removed.has(id.toLowerCase())),
        blockers: [...blockers.values()],
      };
    },
  };
}

export type TeardownReceiptBuilder = ReturnType<typeof createTeardownReceipt>;
