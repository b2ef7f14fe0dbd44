import { textOf } from '../../http/call.ts';
import { groupType } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Json, JsonObject, ResourceType, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { regions } from '../../arm/regions.ts';

/**
 * Versions of each namespace's API, newest first, by which `az resource` and template tools choose theirs; the shape of answers does
 * not depend on them. Any other is taken, too. The emulator has no type of those without versions.
 */
const apiVersions: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.AlertsManagement': ['2021-04-01'],
  'Microsoft.Authorization': ['2022-04-01', '2020-05-01'],
  'Microsoft.Cdn': [],
  'Microsoft.Compute': ['2026-04-01', '2026-03-02', '2025-12-03', '2024-07-01', '2024-03-01', '2023-09-01'],
  'Microsoft.ContainerRegistry': ['2025-11-01', '2023-07-01', '2022-12-01'],
  'Microsoft.Insights': ['2023-01-01', '2020-02-02'],
  'Microsoft.KeyVault': ['2026-02-01', '2023-07-01', '2022-12-01', '2022-07-01'],
  'Microsoft.MachineLearningServices': ['2025-12-01', '2024-10-01', '2024-04-01', '2023-10-01', '2022-10-01'],
  'Microsoft.ManagedIdentity': ['2024-11-30', '2023-01-31', '2018-11-30'],
  'Microsoft.Network': ['2026-01-01', '2024-05-01', '2024-03-01', '2023-11-01'],
  'Microsoft.OperationalInsights': ['2023-09-01', '2022-10-01'],
  'Microsoft.PolicyInsights': ['2024-10-01', '2023-03-01', '2022-03-01'],
  'Microsoft.Resources': ['2025-04-01', '2022-12-01', '2022-09-01', '2021-04-01'],
  'Microsoft.Storage': ['2026-09-01', '2023-05-01', '2023-01-01'],
};

/** The versions offered for a type; the object `apiVersions:{type}` in lower case, a list, overrides them. */
function versionsOf(cloud: Cloud, type: string): Json[] {
  const given = cloud.objects.get(`apiVersions:${type.toLowerCase()}`);
  if (Array.isArray(given)) return given;
  if (zones.test(type)) return ['2024-06-01', '2020-06-01'];
  return [...(apiVersions[type.split('/')[0] ?? ''] ?? [])];
}

/**
 * Only a list that is set for the type limits what is taken.
 * @throws ArmError 400 NoRegisteredProviderFound for a version, or 409 LocationNotAvailableForResourceType for a region, that is not offered
 */
export function requireOffered(cloud: Cloud, type: string, apiVersion: string, location: string | undefined): void {
  const key = type.toLowerCase();
  const supported = versionsOf(cloud, type);
  if (cloud.objects.get(`apiVersions:${key}`) !== undefined && !supported.includes(apiVersion)) {
    const types = type.split('/').slice(1);
    const message = `No registered resource provider found for location '${location ?? 'global'}' and API version '${apiVersion}' for type '${types.join('/')}'. The supported api-versions are '${supported.join(', ')}'. The supported locations are '${[...regions.keys()].join(', ')}'.`;
    throw new ArmError(400, 'NoRegisteredProviderFound', message);
  }
  const offered = cloud.objects.get(`offered:${key}`);
  const name = location === undefined ? undefined : regions.get(location);
  if (!Array.isArray(offered) || name === undefined || offered.includes(name)) return;
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
  const known = Object.keys(apiVersions).find((name) => name.toLowerCase() === namespace.toLowerCase());
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
  const namespaces = Object.keys(apiVersions);
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
