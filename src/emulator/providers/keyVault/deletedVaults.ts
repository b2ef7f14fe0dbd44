import { asObject } from '../../http/call.ts';
import { regionOf } from '../../arm/regions.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Instant, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { nonEmptyText, findByName, subscriptionOf } from '../resourceHelpers.ts';

const day = 86_400_000;

/** A vault in deleted state: its name is taken until it is purged. Kept as cloud object `deletedVault:{name}`. */
type DeletedVault = {
  name: string;
  vaultId: string;
  location: string;
  tags: Record<string, string>;
  properties: JsonObject;
  deletedAt: Instant;
  /** when Azure purges it automatically */
  goneAt: Instant;
};

const keyOf = (name: string): string => `deletedVault:${name.toLowerCase()}`;

/** The deleted vault of this name, unless it has been purged by now. */
export function deletedVault(cloud: Cloud, name: string): DeletedVault | undefined {
  const kept = cloud.objects.get(keyOf(name)) as DeletedVault | undefined;
  return kept && kept.goneAt > cloud.now() ? kept : undefined;
}

export function storeDeletedVault(cloud: Cloud, vault: Resource): void {
  const deletedAt = cloud.now();
  const record: DeletedVault = {
    name: vault.name,
    vaultId: vault.id,
    location: vault.location ?? '',
    tags: vault.tags ?? {},
    properties: vault.properties,
    deletedAt,
    goneAt: deletedAt + Number(vault.properties['softDeleteRetentionInDays']) * day,
  };
  cloud.objects.put(keyOf(vault.name), record);
}

/** Somebody of another tenant has the name, live or deleted: the object `vaultTaken:{name}`. */
export const takenElsewhere = (cloud: Cloud, name: string): boolean =>
  cloud.objects.get(`vaultTaken:${name.toLowerCase()}`) !== undefined;

/** Key Vault's text for a name in use, whoever has it (Azure/azure-cli#14396). */
export const vaultTaken = (name: string): string =>
  `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information on soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`;

/** The vault is recovered. */
export function removeDeletedVault(cloud: Cloud, name: string): void {
  cloud.objects.delete(keyOf(name));
}

function deletedVaultId(vault: DeletedVault): string {
  const place = `/subscriptions/${subscriptionOf(vault.vaultId)}/providers/Microsoft.KeyVault/locations/${vault.location}`;
  return `${place}/deletedVaults/${vault.name}`;
}

function describe(vault: DeletedVault): JsonObject {
  const retention = Number(vault.properties['softDeleteRetentionInDays']) * day;
  return {
    id: deletedVaultId(vault),
    name: vault.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vault.vaultId,
      location: vault.location,
      tags: vault.tags,
      deletionDate: new Date(vault.deletedAt).toISOString(),
      scheduledPurgeDate: new Date(vault.deletedAt + retention).toISOString(),
      ...(vault.properties['enablePurgeProtection'] === true ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

type Place = { subscriptionId: string; params: Record<string, string> };

function deletedVaultAt(cloud: Cloud, { subscriptionId, params }: Place): DeletedVault {
  const name = params['name'] ?? '';
  const found = deletedVault(cloud, name);
  const here = found && sameId(subscriptionOf(found.vaultId), subscriptionId);
  if (!here || found.location !== regionOf(params['location'] ?? '', 'Microsoft.KeyVault/deletedVaults')) {
    throw new ArmError(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);
  }
  return found;
}

function purge(cloud: Cloud, place: Place): ActionReply {
  const vault = deletedVaultAt(cloud, place);
  if (vault.properties['enablePurgeProtection'] === true) {
    const message = `Purging of soft deleted vault '${vault.name}' is not allowed while purge protection is enabled.`;
    throw new ArmError(403, 'Forbidden', message);
  }
  const resourceId = deletedVaultId(vault);
  if (cloud.runningOn(resourceId)) {
    throw new ArmError(409, 'ConflictError', `The deleted vault '${vault.name}' is being purged.`);
  }
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId,
    location: vault.location,
    durationKey: 'vault.purge',
    purges: keyOf(vault.name),
  });
  return { status: 202, operation };
}

function list(cloud: Cloud, subscriptionId: string): ActionReply {
  const names = cloud.objects.keys('deletedVault:').map((key) => key.slice('deletedVault:'.length));
  const found = names.map((name) => deletedVault(cloud, name)).filter((vault) => vault !== undefined);
  const own = found.filter((vault) => sameId(subscriptionOf(vault.vaultId), subscriptionId));
  return { status: 200, body: { value: own.map(describe) } };
}

const refuse = (reason: string, message: string): ActionReply => ({
  status: 200,
  body: { nameAvailable: false, reason, message },
});

function checkNameAvailability(cloud: Cloud, vaultType: string, name: string): ActionReply {
  if (!/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(name)) {
    return refuse('AccountNameInvalid', `The vault name '${name}' is invalid.`);
  }
  if (deletedVault(cloud, name)) {
    return refuse('AlreadyExists', `A vault named '${name}' exists in deleted state: recover or purge it.`);
  }
  if (findByName(cloud, vaultType, name) || takenElsewhere(cloud, name)) {
    return refuse('AlreadyExists', vaultTaken(name));
  }
  return { status: 200, body: { nameAvailable: true } };
}

/** Deleted vaults (list, get, purge) and the check of a vault's name. */
export function deletedVaultRoutes(vaultType: string): SubscriptionRoute[] {
  const place = '/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}';
  return [
    {
      method: 'GET',
      path: '/providers/Microsoft.KeyVault/deletedVaults',
      handle: (cloud, request) => list(cloud, request.subscriptionId),
    },
    {
      method: 'GET',
      path: place,
      handle: (cloud, request) => ({ status: 200, body: describe(deletedVaultAt(cloud, request)) }),
    },
    { method: 'POST', path: `${place}/purge`, style: 'vault', handle: purge },
    // `az keyvault list-deleted` asks for both kinds; there are no managed HSMs here.
    {
      method: 'GET',
      path: '/providers/Microsoft.KeyVault/deletedManagedHSMs',
      handle: () => ({ status: 200, body: { value: [] } }),
    },
    {
      method: 'POST',
      path: '/providers/Microsoft.KeyVault/checkNameAvailability',
      handle: (cloud, request) =>
        checkNameAvailability(cloud, vaultType, nonEmptyText(asObject(request.body)['name']) ?? ''),
    },
  ];
}
