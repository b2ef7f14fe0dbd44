import { asObject } from '../../http/call.ts';
import { regionOf } from '../../arm/regions.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmFault } from '../../arm/model.ts';
import type { Answer, Instant, JsonObject, Resource, SubscriptionRoute, World } from '../../arm/model.ts';
import { filledText, holderOfName, subscriptionOf } from '../resourceHelpers.ts';

const day = 86_400_000;

/** A vault in deleted state: its name is taken until it is purged. Kept as world object `deletedVault:{name}`. */
type DeletedVault = {
  name: string;
  vaultId: string;
  location: string;
  tags: Record<string, string>;
  properties: JsonObject;
  deletedAt: Instant;
  /** when Azure purges it by itself, or when the purge under way will be done */
  goneAt: Instant;
  purging: boolean;
};

const keyOf = (name: string): string => `deletedVault:${name.toLowerCase()}`;

/** The deleted vault of this name, unless it has been purged by now. */
export function deletedVault(world: World, name: string): DeletedVault | undefined {
  const kept = world.objects.get(keyOf(name)) as DeletedVault | undefined;
  return kept && kept.goneAt > world.now() ? kept : undefined;
}

export function keepDeletedVault(world: World, vault: Resource): void {
  const deletedAt = world.now();
  const record: DeletedVault = {
    name: vault.name,
    vaultId: vault.id,
    location: vault.location ?? '',
    tags: vault.tags ?? {},
    properties: vault.properties,
    deletedAt,
    goneAt: deletedAt + Number(vault.properties['softDeleteRetentionInDays']) * day,
    purging: false,
  };
  world.objects.put(keyOf(vault.name), record);
}

/** The vault is recovered. */
export function forgetDeletedVault(world: World, name: string): void {
  world.objects.delete(keyOf(name));
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

function deletedVaultAt(world: World, { subscriptionId, params }: Place): DeletedVault {
  const name = params['name'] ?? '';
  const found = deletedVault(world, name);
  const here = found && sameId(subscriptionOf(found.vaultId), subscriptionId);
  if (!here || found.location !== regionOf(params['location'] ?? '', 'Microsoft.KeyVault/deletedVaults')) {
    throw new ArmFault(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);
  }
  return found;
}

function purge(world: World, place: Place): Answer {
  const vault = deletedVaultAt(world, place);
  if (vault.properties['enablePurgeProtection'] === true) {
    const message = `Purging of soft deleted vault '${vault.name}' is not allowed while purge protection is enabled.`;
    throw new ArmFault(403, 'Forbidden', message);
  }
  if (vault.purging) {
    throw new ArmFault(409, 'ConflictError', `The deleted vault '${vault.name}' is being purged.`);
  }
  const resourceId = deletedVaultId(vault);
  const operation = world.begin({
    kind: 'action',
    resourceId,
    location: vault.location,
    durationKey: 'vault.purge',
    result: {},
  });
  const record: DeletedVault = { ...vault, purging: true, goneAt: operation.endsAt ?? vault.goneAt };
  world.objects.put(keyOf(vault.name), record);
  return { status: 202, operation };
}

function list(world: World, subscriptionId: string): Answer {
  const names = world.objects.keys('deletedVault:').map((key) => key.slice('deletedVault:'.length));
  const found = names.map((name) => deletedVault(world, name)).filter((vault) => vault !== undefined);
  const own = found.filter((vault) => sameId(subscriptionOf(vault.vaultId), subscriptionId));
  return { status: 200, body: { value: own.map(describe) } };
}

const refuse = (reason: string, message: string): Answer => ({
  status: 200,
  body: { nameAvailable: false, reason, message },
});

function checkNameAvailability(world: World, vaultType: string, name: string): Answer {
  if (!/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(name)) {
    return refuse('AccountNameInvalid', `The vault name '${name}' is invalid.`);
  }
  if (deletedVault(world, name)) {
    return refuse('AlreadyExists', `A vault named '${name}' exists in deleted state: recover or purge it.`);
  }
  if (holderOfName(world, vaultType, name)) {
    return refuse('AlreadyExists', `The vault name '${name}' is already in use.`);
  }
  return { status: 200, body: { nameAvailable: true } };
}

/** Deleted vaults (list, get, purge) and the check of a vault's name. */
export function routes(vaultType: string): SubscriptionRoute[] {
  const place = '/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}';
  return [
    {
      method: 'GET',
      path: '/providers/Microsoft.KeyVault/deletedVaults',
      answer: (world, request) => list(world, request.subscriptionId),
    },
    {
      method: 'GET',
      path: place,
      answer: (world, request) => ({ status: 200, body: describe(deletedVaultAt(world, request)) }),
    },
    { method: 'POST', path: `${place}/purge`, style: 'vault', answer: purge },
    // `az keyvault list-deleted` asks for both kinds; there are no managed HSMs here.
    {
      method: 'GET',
      path: '/providers/Microsoft.KeyVault/deletedManagedHSMs',
      answer: () => ({ status: 200, body: { value: [] } }),
    },
    {
      method: 'POST',
      path: '/providers/Microsoft.KeyVault/checkNameAvailability',
      answer: (world, request) =>
        checkNameAvailability(world, vaultType, filledText(asObject(request.body)['name']) ?? ''),
    },
  ];
}
