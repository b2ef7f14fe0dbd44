import { textOf } from '../../http/call.ts';
import { groupType } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Json, JsonObject, ResourceType, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { regions } from '../../arm/regions.ts';
import { publishedVersions } from '../../schema/apiVersions.ts';
import { versionRefusal } from '../../schema/checkApiVersion.ts';

/** The providers of a subscription. Moat checks that all of them are registered; of those without emulated types there are no versions. */
const namespaces = [
  'Microsoft.AlertsManagement',
  'Microsoft.Authorization',
  'Microsoft.Cdn',
  'Microsoft.Compute',
  'Microsoft.ContainerRegistry',
  'Microsoft.Insights',
  'Microsoft.KeyVault',
  'Microsoft.MachineLearningServices',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.PolicyInsights',
  'Microsoft.Resources',
  'Microsoft.Storage',
];

/** The versions offered for a type, newest first; the object `apiVersions:{type}` in lower case, a list, overrides them. */
function versionsOf(cloud: Cloud, type: string): string[] {
  const given = cloud.objects.get(`apiVersions:${type.toLowerCase()}`);
  return Array.isArray(given) ? given.map(textOf) : [...publishedVersions(type)];
}

/**
 * Only a list that is set for the type limits what is taken.
 * @throws ArmError 400 NoRegisteredProviderFound for a version, or 409 LocationNotAvailableForResourceType for a region, that is not offered
 */
export function requireOffered(cloud: Cloud, type: string, apiVersion: string, location: string | undefined): void {
  const key = type.toLowerCase();
  const supported = versionsOf(cloud, type);
  if (cloud.objects.get(`apiVersions:${key}`) !== undefined && !supported.includes(apiVersion)) {
    throw versionRefusal(type, apiVersion, supported, location ?? 'global');
  }
  const offered = cloud.objects.get(`offered:${key}`) as string[] | undefined;
  const name = location === undefined ? undefined : regions.get(location);
  if (offered === undefined || name === undefined || offered.includes(name)) return;
  throw new ArmError(
    409,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${offered.join(',')}'.`,
  );
}

/** Private DNS has versions and a place of its own. */
const zones = /^Microsoft\.Network\/privateDnsZones(\/|$)/i;

/** A type as its provider lists it; the object `offered:{type}` in lower case, a list of display names, overrides its regions. */
function describe(cloud: Cloud, { type, extension }: ResourceType, namespace: string): JsonObject {
  const global = extension === true || zones.test(type);
  return {
    resourceType: type === groupType ? 'resourceGroups' : type.slice(namespace.length + 1),
    locations: cloud.objects.get(`offered:${type.toLowerCase()}`) ?? (global ? ['global'] : [...regions.values()]),
    apiVersions: versionsOf(cloud, type),
    capabilities: 'None',
  };
}

/** A provider's registration; the object `provider:{namespace}` in lower case overrides it, e.g. with `NotRegistered`. */
export const registrationOf = (cloud: Cloud, namespace: string): Json =>
  cloud.objects.get(`provider:${namespace.toLowerCase()}`) ?? 'Registered';

function provider(cloud: Cloud, types: readonly ResourceType[], subscriptionId: string, namespace: string): JsonObject {
  const known = namespaces.find((name) => name.toLowerCase() === namespace.toLowerCase());
  if (known === undefined)
    throw new ArmError(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
  return {
    id: `/subscriptions/${subscriptionId}/providers/${known}`,
    namespace: known,
    registrationState: registrationOf(cloud, known),
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: types.filter(({ type }) => type.startsWith(`${known}/`)).map((type) => describe(cloud, type, known)),
  };
}

/** The resource providers of a subscription, with the emulated types. */
export function providerRoutes(types: readonly ResourceType[]): SubscriptionRoute[] {
  return [
    {
      method: 'GET',
      path: '/providers',
      handle: (cloud, { subscriptionId }) => ({
        status: 200,
        body: { value: namespaces.map((namespace) => provider(cloud, types, subscriptionId, namespace)) },
      }),
    },
    {
      method: 'GET',
      path: '/providers/{namespace}',
      handle: (cloud, { subscriptionId, params }) => ({
        status: 200,
        body: provider(cloud, types, subscriptionId, params['namespace'] ?? ''),
      }),
    },
    {
      method: 'POST',
      path: '/providers/{namespace}/register',
      handle: (cloud, { subscriptionId, params }) => {
        const named = params['namespace'] ?? '';
        const found = provider(cloud, types, subscriptionId, named);
        cloud.objects.delete(`provider:${textOf(found['namespace']).toLowerCase()}`);
        return { status: 200, body: provider(cloud, types, subscriptionId, named) };
      },
    },
  ];
}
