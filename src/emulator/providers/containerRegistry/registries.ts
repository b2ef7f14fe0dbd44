import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type {
  ActionReply,
  Draft,
  JsonObject,
  PutRequest,
  Resource,
  ResourceType,
  SubscriptionRoute,
  Cloud,
} from '../../arm/model.ts';
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import { registryActions, scopeMap } from './registryReads.ts';
import { nonEmptyText, findByName, newKey, patchAsPut, trackedMembers, printable } from '../resourceHelpers.ts';

const type = 'Microsoft.ContainerRegistry/registries';
const tiers = ['Basic', 'Standard', 'Premium'];

/** `^[A-Za-z0-9]{5,50}$` (Azure docs: resource name rules). */
const namePattern = /^[A-Za-z0-9]{5,50}$/;

/** Members that Azure returns for every registry. */
const openRules = { defaultAction: 'Allow', ipRules: [] };
const policies = {
  quarantinePolicy: { status: 'disabled' },
  trustPolicy: { type: 'Notary', status: 'disabled' },
  retentionPolicy: { days: 7, status: 'disabled' },
  exportPolicy: { status: 'enabled' },
  azureADAuthenticationAsArmPolicy: { status: 'enabled' },
};

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { name, id, existing, body } = request;
  if (!namePattern.test(name)) {
    throw new ArmError(
      400,
      'InvalidResourceName',
      `The registry name '${name}' is invalid. Registry names may contain alpha numeric characters only and must be between 5 and 50 characters.`,
    );
  }
  const loginServer = `${name.toLowerCase()}.azurecr.io`;
  if (findByName(cloud, type, name, id)) {
    throw new ArmError(409, 'AlreadyInUse', `The registry DNS name ${loginServer} is already in use.`);
  }
  const tracked = trackedMembers(request);
  const tier = tiers.find((known) => known.toLowerCase() === nonEmptyText(tracked.sku?.['name'])?.toLowerCase());
  if (tier === undefined) {
    throw new ArmError(400, 'SkuNotSupported', `The SKU of registry '${name}' must be one of ${tiers.join(', ')}.`);
  }
  const asked = asObject(body['properties']);
  if (tier !== 'Premium' && (asked['publicNetworkAccess'] === 'Disabled' || asked['networkRuleSet'] !== undefined)) {
    throw new ArmError(
      400,
      'SkuNotSupported',
      `Network rules are not supported for the SKU ${tier} of registry '${name}'.`,
    );
  }
  return {
    ...tracked,
    sku: { name: tier, tier },
    properties: {
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: false,
      networkRuleBypassOptions: 'AzureServices',
      publicNetworkAccess: 'Enabled',
      zoneRedundancy: 'Disabled',
      ...asked,
      ...(tier === 'Premium' ? changed('networkRuleSet', existing, asked) : {}),
      ...changed('policies', existing, asked),
      loginServer,
      creationDate: existing?.properties['creationDate'] ?? new Date(cloud.now()).toISOString(),
      dataEndpointHostNames:
        asked['dataEndpointEnabled'] === true ? [`${name.toLowerCase()}.${tracked.location}.data.azurecr.io`] : [],
    },
    secrets: existing?.secrets ?? { password: newKey(39), password2: newKey(39) },
  };
}

/** A member whose own members are changed one by one. */
function changed(member: string, existing: Resource | undefined, asked: JsonObject): JsonObject {
  const inner = { ...asObject(existing?.properties[member]), ...asObject(asked[member]) };
  return Object.keys(inner).length > 0 ? { [member]: inner } : {};
}

/** Default members are returned and not stored, so a downgrade from Premium does not conflict with network rules that were never set. */
function presentRegistry(cloud: Cloud, { id, sku, properties }: Resource): JsonObject {
  return {
    encryption: { status: 'disabled' },
    ...properties,
    ...(sku?.['name'] === 'Premium'
      ? { networkRuleSet: { ...openRules, ...asObject(properties['networkRuleSet']) } }
      : {}),
    policies: { ...policies, ...asObject(properties['policies']) },
    privateEndpointConnections: connectionsOf(cloud, id),
  };
}

function checkNameAvailability(cloud: Cloud, name: string): ActionReply {
  if (!namePattern.test(name)) {
    const message =
      'Registry names may contain alpha numeric characters only and must be between 5 and 50 characters in length.';
    return { status: 200, body: { nameAvailable: false, reason: 'Invalid', message } };
  }
  if (findByName(cloud, type, name)) {
    const message = `The registry ${name} is already in use.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}

/** Container registries. Images are cloud objects `image:{loginServer}/…` and go with their registry. */
export const types: ResourceType[] = [
  {
    type,
    style: 'registry',
    duration: { put: 'registry.put', delete: 'registry.delete' },
    prepare,
    patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body)),
    toArm: (cloud, resource) => ({ properties: presentRegistry(cloud, resource) }),
    actions: registryActions,
    onDeleted(cloud, resource) {
      const images = `image:${printable(resource.properties['loginServer'])}`;
      for (const key of cloud.objects.keys(images)) cloud.objects.delete(key);
    },
  },
  scopeMap,
];

export const routes: SubscriptionRoute[] = [
  {
    method: 'POST',
    path: '/providers/Microsoft.ContainerRegistry/checkNameAvailability',
    handle: (cloud, request) => checkNameAvailability(cloud, nonEmptyText(request.body['name']) ?? ''),
  },
];
