import { isBrought } from '../../domain/broughtResources.ts';
import { groupId, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { resourceName } from '../../domain/resources.ts';
import { inProgress, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import type { ObserveInput } from '../operationActivity.ts';
import type { DeletionResult } from './resourceGroup.ts';

export interface PurgeVaultInput {
  ref: EnvironmentRef;
}

interface DeletedVault {
  id: string;
  /** when Azure purges it; null unless purge protection forbids to purge it earlier */
  protectedUntil: string | null;
}

/** The environment's soft-deleted vault. A vault of the same name from another group is foreign and ignored, as is one that was brought. */
export async function deletedVault(
  { azure }: ActivityDeps,
  { ref }: PurgeVaultInput,
): Promise<DeletedVault | undefined> {
  if (isBrought(ref, { key: 'vault' })) return undefined;
  const { vaults } = azure.clients(ref.subscriptionId).vaults;
  const found = await ignoreNotFound(azure, vaults.getDeleted(resourceName(ref, 'vault'), ref.location));
  const { vaultId, purgeProtectionEnabled, scheduledPurgeDate } = found?.properties ?? {};
  if (!found?.id || !isWithin(vaultId ?? '', groupId(ref))) return undefined;
  const until = scheduledPurgeDate?.toISOString() ?? 'its retention ends';
  return { id: found.id, protectedUntil: purgeProtectionEnabled ? until : null };
}

/**
 * Starts the purge of the environment's soft-deleted vault, which otherwise reserves its name (DEL-4). Without one, the state is `gone`.
 * Throws `Blocked` (final) where purge protection forbids it until a date.
 */
export async function beginVaultPurge(deps: ActivityDeps, input: PurgeVaultInput): Promise<DeletionResult> {
  const absent: DeletionResult = { token: null, state: 'gone', retryAfterMs: 0 };
  const vault = await deletedVault(deps, input);
  if (!vault) return absent;
  const { ref } = input;
  const name = resourceName(ref, 'vault');
  if (vault.protectedUntil !== null)
    throw nonRetryable({
      type: 'Blocked',
      message: `purge protection: key vault ${name} stays soft-deleted and reserves its name until ${vault.protectedUntil}`,
      remedy: `az keyvault purge --name ${name} --location ${ref.location} # from ${vault.protectedUntil} on`,
      code: 'PurgeProtected',
    });
  const { operations, clients } = deps.azure;
  const purging = operations.begin(() => clients(ref.subscriptionId).vaults.vaults.purgeDeleted(name, ref.location));
  const operation = await ignoreNotFound(deps.azure, purging);
  return operation ? { ...operation, state: 'Purging' } : absent;
}

/** Polls once whether the environment's soft-deleted vault is purged. Throws `InProgress` until then. */
export async function observeVaultPurge(
  deps: ActivityDeps,
  input: PurgeVaultInput & Omit<ObserveInput, 'id'>,
): Promise<void> {
  const { azure } = deps;
  const label = `key vault ${resourceName(input.ref, 'vault')}`;
  if (input.token !== null) {
    const operation = await ignoreNotFound(azure, azure.operations.poll(input.token));
    if (operation && !operation.done) throw inProgress(`${label}: Purging`, operation.retryAfterMs);
    input.onOperationEnd?.();
  }
  if (await deletedVault(deps, input)) throw inProgress(`${label}: Purging`, azure.delayMs(5));
}
