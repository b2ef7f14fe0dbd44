import { asObject } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, ResourceType, Cloud } from '../../arm/model.ts';
import { accessPolicyRoutes } from './accessPolicies.ts';
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import {
  deletedVault,
  deletedVaultRoutes,
  removeDeletedVault,
  storeDeletedVault,
  takenElsewhere,
  vaultTaken,
} from './deletedVaults.ts';
import { findByName, patchAsPut, trackedMembers, printable } from '../resourceHelpers.ts';

const type = 'Microsoft.KeyVault/vaults';

/** @throws ArmError VaultNameNotValid, VaultAlreadyExists, ConflictError (a deleted twin has the name: DEL-4) */
function checkName(cloud: Cloud, request: PutRequest): void {
  const { name, id } = request;
  if (!/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(name)) {
    throw new ArmError(
      400,
      'VaultNameNotValid',
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    );
  }
  if (findByName(cloud, type, name, id) || takenElsewhere(cloud, name)) {
    throw new ArmError(409, 'VaultAlreadyExists', vaultTaken(name));
  }
  const twin = deletedVault(cloud, name);
  const recovers = asObject(request.body['properties'])['createMode'] === 'recover';
  if (twin && !(recovers && sameId(twin.vaultId, id))) {
    throw new ArmError(
      409,
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.',
    );
  }
  if (!twin && recovers && !request.existing) {
    throw new ArmError(404, 'VaultNotFound', `There is no deleted vault '${name}' to recover.`);
  }
}

const invalid = (what: string): ArmError => new ArmError(400, 'BadRequest', what);

/** @throws ArmError BadRequest for a tenant that is no GUID, and for missing access policies */
function checkMembers(asked: JsonObject): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(printable(asked['tenantId'])))
    throw invalid("An invalid value was provided for 'tenantId'.");
  if (asked['enableRbacAuthorization'] !== true && !Array.isArray(asked['accessPolicies']))
    throw invalid('The parameter accessPolicies is not specified.');
}

function prepare(cloud: Cloud, request: PutRequest): Draft {
  checkName(cloud, request);
  const { name, existing } = request;
  const twin = deletedVault(cloud, name);
  const asked = twin ? twin.properties : asObject(request.body['properties']);
  const days = asked['softDeleteRetentionInDays'] ?? existing?.properties['softDeleteRetentionInDays'] ?? 90;
  if (typeof days !== 'number' || days < 7 || days > 90) {
    throw new ArmError(
      400,
      'BadRequest',
      'The property "softDeleteRetentionInDays" must be between 7 and 90 inclusive.',
    );
  }
  if (existing && days !== existing.properties['softDeleteRetentionInDays']) {
    const message = 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.';
    throw new ArmError(400, 'BadRequest', message);
  }
  const protectedNow = existing?.properties['enablePurgeProtection'] === true;
  if (asked['enablePurgeProtection'] === false || (protectedNow && asked['enablePurgeProtection'] !== true)) {
    const message =
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.';
    throw new ArmError(400, 'BadRequest', message);
  }
  checkMembers(asked);
  const { createMode: _, ...kept } = asked;
  return {
    ...trackedMembers(request),
    properties: {
      accessPolicies: [],
      enabledForDeployment: false,
      enableRbacAuthorization: false,
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: 'Enabled',
      ...kept,
      enableSoftDelete: true,
      softDeleteRetentionInDays: days,
      vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
    },
  };
}

/** Key vaults. Deleting one is always soft (DEL-4). */
export const types: ResourceType[] = [
  {
    type,
    style: 'vault',
    duration: { put: 'vault.put', delete: 'vault.delete' },
    states: { create: 'RegisteringDns' },
    prepare,
    patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body)),
    onCreated: (cloud, vault) => removeDeletedVault(cloud, vault.name),
    toArm: (cloud, vault) => {
      const rows = connectionsOf(cloud, vault.id).map(({ id = null, properties = null }) => ({ id, properties }));
      // A vault without connections has no such member.
      return { properties: { ...vault.properties, ...(rows.length > 0 ? { privateEndpointConnections: rows } : {}) } };
    },
    onDeleted: storeDeletedVault,
  },
];

export const routes = [...deletedVaultRoutes(type), ...accessPolicyRoutes];
