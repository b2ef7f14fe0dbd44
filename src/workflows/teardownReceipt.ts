import { isCancellation } from '@temporalio/workflow';
import {
  blockersOf,
  foreignResource,
  locksOn,
  moreForeignResources,
  stillExists,
  unsealedGroup,
} from '../domain/blockers.ts';
import type { Lock } from '../domain/blockers.ts';
import type { Blocker, TeardownReceipt } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { causesOf, failureOf } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';

export type RemovalProof = TeardownReceipt['removed'][number]['proof'];

/** Reads the locks on the environment once, at the first call; none where the caller may not read them. */
function createLockReader(ref: EnvironmentRef): () => Promise<Lock[]> {
  let locks: Promise<Lock[]> | undefined;
  return () =>
    (locks ??= armRead.listLocks
      .executeWithOptions(activityOptions('resourceGroup', 'list', 'locks'), [{ ref }])
      .catch((error: unknown) => {
        if (isCancellation(error)) throw error;
        return [];
      }));
}

/** Collects blockers without duplicates, and the steps that they end. `earlier` are those of the previous teardown. */
function createBlockers(ref: EnvironmentRef, earlier: readonly Blocker[]) {
  const blockers = new Map<string, Blocker>();
  const failed = new Map<StepId, Failure>();
  const readLocks = createLockReader(ref);
  const add = (blocker: Blocker): unknown =>
    blockers.set(`${blocker.resource} ${blocker.command}`.toLowerCase(), blocker);
  return {
    add,
    all: (): Blocker[] => [...blockers.values()],
    /** Adds what blocks the deletion of a resource. The step fails with the first blocker's reason and remedy. */
    async addFailure(step: StepId, id: string, error: unknown): Promise<void> {
      const failure = failureOf(error, step, ref);
      const locked = failure.code === 'ScopeLocked' ? locksOn(id, await readLocks()) : [];
      const found = locked.length > 0 ? locked : blockersOf(ref, id, failure, { causes: causesOf(error), earlier });
      found.forEach(add);
      failed.set(step, { ...failure, message: found[0]!.reason, remedy: found[0]!.command });
    },
    endSteps(progress: RunProgress): void {
      if (blockers.size > 0) progress.endRest('skipped', 'Blocked');
      else progress.endRest('succeeded', null);
      for (const [step, failure] of failed) progress.fail(step, failure);
    },
  };
}

type EarlierTeardown = Pick<TeardownReceipt, 'removed' | 'blockers'>;

/** Collects the receipt of a teardown: what was removed, with the proof, what remains, and the blockers. `earlier`: of the previous teardown. */
export function createTeardownReceipt(ref: EnvironmentRef, progress: RunProgress, earlier: EarlierTeardown) {
  const removed = new Map(earlier.removed.map((row) => [row.id.toLowerCase(), row]));
  const remaining = new Set<string>();
  const blockers = createBlockers(ref, earlier.blockers);
  const softDeleted = new Set<string>();

  function addBlockers(found: readonly Blocker[], ids: readonly string[]): void {
    found.forEach(blockers.add);
    ids.forEach((id) => remaining.add(id));
  }

  return {
    remaining,
    isRemoved: (id: string): boolean => removed.has(id.toLowerCase()),
    isBlocked: (): boolean => blockers.all().length > 0,
    /** Records that a resource is removed, with the proof. */
    record: (id: string, proof: RemovalProof): unknown => removed.set(id.toLowerCase(), { id, proof }),
    /** Runs `work`. Its failure becomes a blocker; the result is then false. */
    async attempt(step: StepId, id: string, work: () => Promise<void>): Promise<boolean> {
      progress.begin(step);
      try {
        await work();
        return true;
      } catch (error) {
        if (isCancellation(error)) throw error;
        await blockers.addFailure(step, id, error);
        remaining.add(id);
        progress.resource(step, id, 'Blocked');
        return false;
      }
    },
    /** `more`: number of foreign resources besides these */
    addForeign(ids: readonly string[], more: number): void {
      addBlockers(ids.map(foreignResource), ids);
      if (more > 0) addBlockers([moreForeignResources(ref, more)], [groupId(ref)]);
    },
    /** Adds a workspace that is deleted and may not be purged. */
    addSoftDeletedWorkspace(blocker: Blocker): void {
      softDeleted.add(blocker.resource);
      addBlockers([blocker], [blocker.resource]);
    },
    isSoftDeleted: (id: string): boolean => softDeleted.has(id),
    addUnsealedGroup: (): void => addBlockers([unsealedGroup(ref)], [groupId(ref)]),
    addExisting: (ids: readonly string[]): void => addBlockers(ids.map(stillExists), ids),
    build(): TeardownReceipt {
      blockers.endSteps(progress);
      return {
        removed: [...removed.values()],
        remaining: [...remaining].filter((id) => !removed.has(id.toLowerCase())),
        blockers: blockers.all(),
      };
    },
  };
}

export type TeardownReceiptBuilder = ReturnType<typeof createTeardownReceipt>;
