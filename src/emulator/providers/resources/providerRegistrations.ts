import { textOf } from '../../http/call.ts';
import { groupType } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Json, JsonObject, ResourceType, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { regions } from '../../arm/regions.ts';

/**
 * Versions of each namespace's API, newest first, by which `az resource` and template tools choose theirs. Any other is taken
 * too: the shape of answers does not depend on it. The emulator has no type of those without versions.
 */
const apiVersions: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.AlertsManagement': [],
  'Microsoft.Authorization': ['2022-04-01', '2020-05-01'],
  'Microsoft.Cdn': [],
  'Microsoft.Compute': ['2024-07-01', '2024-03-01', '2023-09-01'],
  'Microsoft.ContainerRegistry': ['2023-07-01', '2022-12-01'],
  'Microsoft.Insights': ['2020-02-02'],
  'Microsoft.KeyVault': ['2023-07-01', '2022-07-01'],
  'Microsoft.MachineLearningServices': ['2025-12-01', '2024-10-01', '2024-04-01', '2023-10-01'],
  'Microsoft.ManagedIdentity': ['2023-01-31', '2018-11-30'],
  'Microsoft.Network': ['2024-05-01', '2024-03-01', '2023-11-01'],
  'Microsoft.OperationalInsights': ['2023-09-01', '2022-10-01'],
  'Microsoft.PolicyInsights': [],
  'Microsoft.Resources': ['2022-09-01', '2021-04-01'],
  'Microsoft.Storage': ['2023-05-01', '2023-01-01'],
};

/** Private DNS has versions and a place of its own. */
const zones = /^Microsoft\.Network\/privateDnsZones(\/|$)/i;

function describe({ type, extension }: ResourceType, namespace: string): JsonObject {
  const global = extension === true || zones.test(type);
  const own = zones.test(type) ? ['2024-06-01', '2020-06-01'] : apiVersions[namespace];
  return {
    resourceType: type === groupType ? 'resourceGroups' : type.slice(namespace.length + 1),
    locations: global ? ['global'] : [...regions.values()],
    apiVersions: [...(own ?? [])],
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
    resourceTypes: types.filter(({ type }) => type.startsWith(`${known}/`)).map((type) => describe(type, known)),
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
