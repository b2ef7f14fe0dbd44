import { asObject } from '../../http/call.ts';
import { ArmFault } from '../../arm/model.ts';
import type {
  Answer,
  Draft,
  JsonObject,
  PutRequest,
  Resource,
  ResourceType,
  SubscriptionRoute,
  World,
} from '../../arm/model.ts';
import { egressConnections } from '../machineLearningServices/egressConnections.ts';
import { connectionsOf } from '../network/privateEndpoints.ts';
import { filledText, holderOfName, newKey, patchAsPut, trackedMembers, wordOf } from '../resourceHelpers.ts';

const type = 'Microsoft.ContainerRegistry/registries';
const tiers = ['Basic', 'Standard', 'Premium'];

/** `^[A-Za-z0-9]{5,50}$` (Azure docs: resource name rules). */
const namePattern = /^[A-Za-z0-9]{5,50}$/;

/** What Azure tells of every registry, asked for or not. */
const openRules = { defaultAction: 'Allow', ipRules: [] };
const policies = {
  quarantinePolicy: { status: 'disabled' },
  trustPolicy: { type: 'Notary', status: 'disabled' },
  retentionPolicy: { days: 7, status: 'disabled' },
  exportPolicy: { status: 'enabled' },
  azureADAuthenticationAsArmPolicy: { status: 'enabled' },
  softDeletePolicy: { retentionDays: 7, status: 'disabled' },
};

function prepare(world: World, request: PutRequest): Draft {
  const { name, id, existing, body } = request;
  if (!namePattern.test(name)) {
    throw new ArmFault(
      400,
      'InvalidResourceName',
      `The registry name '${name}' is invalid. Registry names may contain alpha numeric characters only and must be between 5 and 50 characters.`,
    );
  }
  const loginServer = `${name.toLowerCase()}.azurecr.io`;
  if (holderOfName(world, type, name, id)) {
    throw new ArmFault(409, 'AlreadyInUse', `The registry DNS name ${loginServer} is already in use.`);
  }
  const tracked = trackedMembers(request);
  const tier = tiers.find((known) => known.toLowerCase() === filledText(tracked.sku?.['name'])?.toLowerCase());
  if (tier === undefined) {
    throw new ArmFault(400, 'SkuNotSupported', `The SKU of registry '${name}' must be one of ${tiers.join(', ')}.`);
  }
  const asked = asObject(body['properties']);
  if (tier !== 'Premium' && (asked['publicNetworkAccess'] === 'Disabled' || asked['networkRuleSet'] !== undefined)) {
    throw new ArmFault(
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
      creationDate: existing?.properties['creationDate'] ?? new Date(world.now()).toISOString(),
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

/** What nobody asked for is told, and not kept: a registry that leaves Premium has no network rules to give up. */
function presentRegistry(world: World, { id, sku, properties }: Resource): JsonObject {
  return {
    encryption: { status: 'disabled' },
    ...properties,
    ...(sku?.['name'] === 'Premium'
      ? { networkRuleSet: { ...openRules, ...asObject(properties['networkRuleSet']) } }
      : {}),
    policies: { ...policies, ...asObject(properties['policies']) },
    privateEndpointConnections: [...connectionsOf(world, id), ...egressConnections(world, id)],
  };
}

function listCredentials(_world: World, registry: Resource): Answer {
  if (registry.properties['adminUserEnabled'] !== true) {
    throw new ArmFault(
      400,
      'UnAuthorizedForCredentialOperations',
      `Cannot perform credential operations for ${registry.id} as admin user is disabled. Kindly enable admin user as per docs: https://docs.microsoft.com/azure/container-registry/container-registry-authentication#admin-account`,
    );
  }
  const passwords = ['password', 'password2'].map((name) => ({ name, value: registry.secrets?.[name] ?? null }));
  return { status: 200, body: { username: registry.name, passwords } };
}

function checkNameAvailability(world: World, name: string): Answer {
  if (!namePattern.test(name)) {
    const message =
      'Registry names may contain alpha numeric characters only and must be between 5 and 50 characters in length.';
    return { status: 200, body: { nameAvailable: false, reason: 'Invalid', message } };
  }
  if (holderOfName(world, type, name)) {
    const message = `The registry ${name} is already in use.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}

/** Container registries. Images are world objects `image:{loginServer}/…` and go with their registry. */
export const types: ResourceType[] = [
  {
    type,
    style: 'registry',
    duration: { put: 'registry.put', delete: 'registry.delete' },
    prepare,
    patch: (world, resource, body) => prepare(world, patchAsPut(resource, body)),
    present: (world, resource) => ({ properties: presentRegistry(world, resource) }),
    actions: { listcredentials: listCredentials },
    deleted(world, resource) {
      const images = `image:${wordOf(resource.properties['loginServer'])}`;
      for (const key of world.objects.keys(images)) world.objects.delete(key);
    },
  },
];

export const routes: SubscriptionRoute[] = [
  {
    method: 'POST',
    path: '/providers/Microsoft.ContainerRegistry/checkNameAvailability',
    answer: (world, request) => checkNameAvailability(world, filledText(request.body['name']) ?? ''),
  },
];
