import { groupId, isWithin, names } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { inProgress, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from './lookup.ts';
import type { DeletionResult } from './resourceGroup.ts';

export interface PurgeVaultInput {
  site: EnvironmentRef;
}

interface DeletedVault {
  id: string;
  /** when Azure purges it by itself; null unless it is protected until then */
  protectedUntil: string | null;
}

/** The environment's vault in deleted state. One of the same name that was not in the environment's group is not ours. */
export async function deletedVault({ azure }: ActivityDeps, { site }: PurgeVaultInput): Promise<DeletedVault | undefined> {
  const { vaults } = azure.clients(site.subscriptionId).vaults;
  const found = await lookup(azure, vaults.getDeleted(names(site).vault, site.location));
  const { vaultId, purgeProtectionEnabled, scheduledPurgeDate } = found?.properties ?? {};
  if (!found?.id || !isWithin(vaultId ?? '', groupId(site))) return undefined;
  const until = scheduledPurgeDate?.toISOString() ?? 'its retention ends';
  return { id: found.id, protectedUntil: purgeProtectionEnabled ? until : null };
}

/**
 * Begins to purge the environment's soft-deleted vault, whose name stays taken otherwise (DEL-4). There being none is `gone`.
 * Throws `Blocked` (final) where purge protection forbids it until a date.
 */
export async function purgeVault(deps: ActivityDeps, input: PurgeVaultInput): Promise<DeletionResult> {
  const gone: DeletionResult = { token: null, state: 'gone', retryAfterMs: 0 };
  const vault = await deletedVault(deps, input);
  if (!vault) return gone;
  const { site } = input;
  const name = names(site).vault;
  if (vault.protectedUntil !== null)
    throw nonRetryable(
      'Blocked',
      `purge protection: key vault ${name} stays soft-deleted, and its name taken, until ${vault.protectedUntil}`,
      `az keyvault purge --name ${name} --location ${site.location} # from ${vault.protectedUntil} on`,
      'PurgeProtected',
    );
  const { operations, clients } = deps.azure;
  const purging = operations.begin(() => clients(site.subscriptionId).vaults.vaults.purgeDeleted(name, site.location));
  const begun = await lookup(deps.azure, purging);
  return begun ? { ...begun, state: 'Purging' } : gone;
}

/** Looks once whether no soft-deleted vault of the environment is left. Throws `InProgress` until then. */
export async function observeVaultPurge(deps: ActivityDeps, input: PurgeVaultInput & { token: string | null }): Promise<void> {
  const { azure } = deps;
  const label = `key vault ${names(input.site).vault}`;
  if (input.token !== null) {
    const look = await lookup(azure, azure.operations.poll(input.token));
    if (look && !look.done) throw inProgress(`${label}: Purging`, look.retryAfterMs);
  }
  if (await deletedVault(deps, input)) throw inProgress(`${label}: Purging`, azure.delayMs(5));
}
