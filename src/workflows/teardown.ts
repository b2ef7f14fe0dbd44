import { isCancellation } from '@temporalio/workflow';
import type { Blocker, TeardownReceipt } from '../domain/environment.ts';
import { groupId, names, parseResourceId, resourceId } from '../domain/naming.ts';
import type { Site } from '../domain/naming.ts';
import { undoOf, undoPhases } from '../domain/undo.ts';
import { read, told, write } from './arm.ts';
import { failureOf, runFailure } from './failure.ts';
import type { TeardownInput } from './messages.ts';
import { createProgress } from './progress.ts';
import { createRemoval } from './removal.ts';

/** A group is listed anew this often: a create whose answer was lost may appear late. */
const maximumRounds = 3;

/** Takes an environment down: the sequence backwards, working from what ARM lists in the sealed group and from names. */
export async function teardown({ site }: TeardownInput): Promise<TeardownReceipt> {
  const progress = createProgress(`Taking down ${site.name}`);
  const { remove, receipt, blockers } = createRemoval(site, progress);
  try {
    for (let round = 1; round <= maximumRounds; round++) {
      const { exists, sealed, resources } = await read.listGroup.executeWithOptions(
        told('resourceGroup', 'list the group'),
        [{ site }],
      );
      if (exists && !sealed) blockers.push(unsealed(site));
      const foreign = resources.filter((resource) => undoOf(resource) === 'foreign');
      if (!exists || !sealed || resources.length === foreign.length) {
        blockers.push(...foreign.map(({ id }) => broughtAlong(id)));
        break;
      }
      await write.revokeRoles.executeWithOptions(told('jumpbox', 'revoke roles'), [{ site }]);
      for (const phase of undoPhases.keys()) {
        const now = resources.flatMap((resource) => {
          const undo = undoOf(resource);
          return typeof undo === 'object' && undo.phase === phase ? [{ ...resource, step: undo.step }] : [];
        });
        await Promise.all(now.map(({ id, step }) => remove.resource(id, step)));
        if (blockers.length > 0) return receipt();
      }
      for (const resource of resources) if (undoOf(resource) === 'contained') remove.recordContained(resource.id);
    }
    await remove.deletedVault(resourceId(site, { type: 'Microsoft.KeyVault/vaults', name: names(site).vault }));
    if (blockers.length === 0) await remove.group(groupId(site));
    progress.endRest('succeeded');
    return receipt();
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, null));
  }
}

const unsealed = (site: Site): Blocker => ({
  resource: groupId(site),
  reason: 'The group does not carry a seal of this installation.',
  command: `az group show --name ${names(site).group} --query tags`,
});

const broughtAlong = (id: string): Blocker => ({
  resource: id,
  reason: `Moat did not make this ${parseResourceId(id)?.type ?? 'resource'} and does not delete it.`,
  command: `az resource delete --ids ${id}`,
});
