import { isCancellation, sleep } from '@temporalio/workflow';
import type { Blocker, TeardownReceipt } from '../domain/environment.ts';
import { parseResourceId } from '../domain/naming.ts';
import type { Site } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { read, told, write } from './arm.ts';
import { anotherTry, failureOf } from './failure.ts';
import type { RunProgress } from './progress.ts';

/** A deletion that ended Failed for a passing reason is begun again this often. */
const maximumTries = 5;

/** Removes resources one by one, and keeps the receipt: what is gone, how that is known, and what is in the way. */
export function createRemoval(site: Site, progress: RunProgress) {
  const removed = new Map<string, TeardownReceipt['removed'][number]>();
  const blockers: Blocker[] = [];
  const record = (id: string, proof: 'gone' | 'purged' | 'assumed') => removed.set(id.toLowerCase(), { id, proof });

  /** Begins `work` again while it fails for a passing reason; what fails for good becomes a blocker. */
  async function removing(step: StepId, id: string, work: (look: boolean) => Promise<void>): Promise<void> {
    progress.begin(step);
    for (let tries = 1; ; tries++) {
      try {
        return await work(tries > 1);
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = failureOf(error, step);
        const again = anotherTry(error);
        if (!again || tries === maximumTries) {
          progress.fail(step, failure);
          blockers.push({ resource: id, reason: `${failure.code}: ${failure.message}`, command: failure.remedy });
          return;
        }
        progress.again(step, failure);
        await sleep(Math.max(1, again.afterMs));
      }
    }
  }

  const remove = {
    async resource(id: string, step: StepId): Promise<void> {
      const { name, type } = parseResourceId(id)!;
      const label = `${type.split('/').at(-1)} ${name}`;
      await removing(step, id, async (look) => {
        progress.resource(step, id, 'Deleting');
        const { token, state } = await write.deleteResource.executeWithOptions(told(step, `delete ${label}`), [
          { site, id, look },
        ]);
        if (state !== 'gone')
          await read.observeGone.executeWithOptions(told(step, `await the end of ${label}`), [{ id, token }]);
        progress.resource(step, id, 'Deleted');
        // ARM has no way to list soft-deleted workspaces: the purge's end and a 404 are all that can be seen
        record(id, type.toLowerCase() === 'microsoft.machinelearningservices/workspaces' ? 'assumed' : 'gone');
      });
    },
    /** What went with the resource that contained it. */
    recordContained: (id: string): unknown => record(id, 'gone'),
    /** A deleted vault is kept by Azure, and its name with it, until it is purged (DEL-4). */
    async deletedVault(id: string): Promise<void> {
      await removing('workspace', id, async () => {
        const { token, state } = await write.purgeVault.executeWithOptions(
          told('workspace', 'purge the deleted vault'),
          [{ site }],
        );
        if (state === 'absent') return;
        await read.observePurge.executeWithOptions(told('workspace', 'await the purge of the vault'), [
          { site, token },
        ]);
        record(id, 'purged');
      });
    },
    async group(id: string): Promise<void> {
      await removing('resourceGroup', id, async () => {
        const { token, state } = await write.deleteGroup.executeWithOptions(told('resourceGroup', 'delete the group'), [
          { site },
        ]);
        if (state === 'absent') return;
        await read.observeGroupGone.executeWithOptions(told('resourceGroup', 'await the end of the group'), [
          { site, token },
        ]);
        record(id, 'gone');
        progress.resource('resourceGroup', id, 'Deleted');
      });
    },
  };

  return {
    remove,
    blockers,
    receipt: (): TeardownReceipt => ({
      removed: [...removed.values()],
      left: blockers.map(({ resource }) => resource),
      blockers,
    }),
  };
}
