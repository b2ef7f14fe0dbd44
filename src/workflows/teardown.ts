import { isCancellation } from '@temporalio/workflow';
import type { GroupList } from '../activities/resources/resourceGroup.ts';
import type { TeardownReceipt } from '../domain/environment.ts';
import { groupId, isWithin, names } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { hasDependents, kindOf, deletionOf, deletionPhases } from '../domain/teardownOrder.ts';
import { assertStillExpired } from './leaseExpiry.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { failureOf, runFailure } from './runFailure.ts';
import type { TeardownInput } from './messages.ts';
import { networkLane } from './lane.ts';
import { createRunProgress } from './runProgress.ts';
import { createTeardownReceipt } from './teardownReceipt.ts';
import { createDeletions } from './deletions.ts';

/** A group is listed anew this often: a create whose answer was lost may appear late. */
const maximumRounds = 3;

/**
 * Takes an environment down: the sequence backwards, working from what ARM lists in the sealed group and from names. What
 * cannot be removed becomes a blocker, and what does not depend on it is removed all the same.
 */
export async function teardown({ site, removed = [], forAge = false }: TeardownInput): Promise<TeardownReceipt> {
  const progress = createRunProgress(`Taking down ${site.name}`);
  const removal = createTeardownReceipt(site, progress, removed);
  const { attempt, left, isBlocked, receipt } = removal;
  const remove = createDeletions(site, progress, removal);
  const idOf = (key: 'onlineEndpoint' | 'identity' | 'workspace' | 'vault') => plannedResource(site, key).id;
  const isLeft = (id: string): boolean => [...left].some((other) => isWithin(id, other));
  let principalId: string | null = null;
  const lane = networkLane();

  /** What goes for its age goes on only as long as its lease is over: before the first deletion, and between phases. */
  const goOn = async (): Promise<void> => {
    if (forAge) await assertStillExpired(site);
  };

  async function list(): Promise<GroupList | undefined> {
    let group: GroupList | undefined;
    await attempt('resourceGroup', groupId(site), async () => {
      group = await armRead.listGroup.executeWithOptions(activityOptions('resourceGroup', 'list the group'), [
        { site },
      ]);
    });
    return group;
  }

  /** Removes what of Moat's own can be removed, phase by phase. */
  async function empty(own: readonly string[]): Promise<void> {
    await goOn();
    principalId = (await remove.roles(idOf('identity'))) ?? principalId;
    for (const [phase, kinds] of deletionPhases.entries()) {
      const now = own.filter((id) => kindOf(site, id) in kinds);
      if (phase > 0 && now.length > 0) await goOn();
      await Promise.all(
        now.map(async (id) => {
          const kind = kindOf(site, id);
          const removeIt = () => remove.resource(kinds[kind]!, id, kind);
          if (hasDependents(site, id, [...left])) left.add(id);
          else await (inNetwork.includes(kind) ? lane.write(removeIt) : removeIt());
        }),
      );
      if (phase === 0) await remove.egress(idOf('onlineEndpoint'));
      if (vaultKind in kinds) await purge();
    }
    for (const id of own.filter((one) => deletionOf(site, one) === 'contained')) {
      if (isLeft(id)) left.add(id);
      else removal.record(id, 'gone');
    }
  }

  /** Lists the group and empties it. Answers whether it is to be listed once more. */
  async function round(): Promise<boolean> {
    const group = await list();
    if (!group?.exists) return false;
    if (!group.sealed) {
      removal.unsealed();
      return false;
    }
    const ids = group.resources.map(({ id }) => id);
    const own = ids.filter((id) => deletionOf(site, id) !== 'foreign');
    removal.foreign(ids.filter((id) => !own.includes(id)));
    if (own.length > 0) await empty(own);
    return own.length > 0 && !isBlocked();
  }

  const purge = () => remove.purgedVault(deletedVaultId(site), idOf('vault'));

  try {
    for (let rounds = 1; rounds <= maximumRounds && (await round()); rounds++);
    if (left.has(groupId(site))) return receipt();
    await goOn();
    if (!removal.isRemoved(idOf('workspace')) && !isLeft(idOf('workspace')))
      await remove.unlistedWorkspace(idOf('workspace'));
    await purge();
    // A vault that must not be purged does not keep its group.
    const emptied = [...left].every((id) => id === deletedVaultId(site));
    if (!emptied || !(await remove.group(groupId(site)))) return receipt();
    // What appeared in the group after it was last listed has gone with it, a vault softly.
    await purge();
    await attempt('resourceGroup', groupId(site), async () => {
      const shown = await armRead.proveGone.executeWithOptions(
        activityOptions('resourceGroup', 'prove that nothing is left'),
        [{ site, principalId }],
      );
      removal.stillThere(shown.filter((id) => !left.has(id)));
    });
    return receipt();
  } catch (error) {
    progress.endRest('skipped', 'NotReached');
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, null));
  }
}

/** What a virtual network's subnet holds. */
const inNetwork = ['microsoft.network/networkinterfaces', 'microsoft.network/privateendpoints'];
const vaultKind = 'microsoft.keyvault/vaults';

const deletedVaultId = (site: EnvironmentRef): string =>
  `/subscriptions/${site.subscriptionId}/providers/Microsoft.KeyVault/locations/${site.location}/deletedVaults/${names(site).vault}`;
