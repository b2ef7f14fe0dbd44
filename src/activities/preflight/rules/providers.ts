import { catalogueRows } from '../../../domain/resources.ts';
import type { Provider } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation } from '../rule.ts';

/** PF-02: every required resource provider is registered. */
export const registeredProviders = defineRule({
  id: 'PF-02',
  title: 'The resource providers are registered',
  reads: ['providers'],
  severities: ['blocks'],
  source:
    'Azure docs: resource providers and types; Microsoft Q&A 1983847 (PolicyInsights, Cdn); mslearn-azure-ml issue 106 (AlertsManagement)',
  check: ({ providers }) =>
    providers
      .filter(({ registrationState }) => registrationState !== 'Registered')
      .map(({ namespace, registrationState }) =>
        observation(
          'blocks',
          `resource provider ${namespace} is ${registrationState ?? 'not registered'}`,
          `az provider register --namespace ${namespace} --wait`,
        ),
      ),
});

const shortName = (location: string): string => location.replaceAll(' ', '').toLowerCase();
const plannedTypes = new Set(
  catalogueRows.flatMap(([, { type, lifetime }]) => (lifetime === undefined ? [type.toLowerCase()] : [])),
);

/** The types that a provider does not offer in the location. A type without a list, or with a global one, is not bound to regions. */
export function notOffered({ namespace, resourceTypes = [] }: Provider, location: string): Observation[] {
  return resourceTypes
    .map(({ resourceType, locations = [] }) => ({
      type: `${namespace}/${resourceType}`,
      regions: locations.map(shortName),
    }))
    .filter(({ type }) => plannedTypes.has(type.toLowerCase()))
    .filter(({ regions }) => regions.length > 0 && !regions.includes('global') && !regions.includes(location))
    .map(({ type }) => observation('blocks', `${type} is not offered in ${location}`, 'POST with another "location"'));
}

export const offeredTypes = defineRule({
  id: 'REGION',
  title: 'The region offers every type of resource',
  reads: ['providers'],
  severities: ['blocks'],
  source: 'Azure docs: resource providers and types (locations)',
  check: ({ providers, environment: { ref } }) => providers.flatMap((provider) => notOffered(provider, ref.location)),
});

/** The versions that a provider lists for a type; undefined where it lists none. */
function versionsOf(providers: readonly Provider[], type: string): string[] | undefined {
  const [namespace, ...path] = type.toLowerCase().split('/');
  const provider = providers.find((one) => one.namespace?.toLowerCase() === namespace);
  const found = provider?.resourceTypes?.find(({ resourceType }) => resourceType?.toLowerCase() === path.join('/'));
  return found?.apiVersions?.length ? found.apiVersions : undefined;
}

/** One type and version that will be sent, against the versions that the provider lists. */
function versionFinding(label: string, sent: string, offered: readonly string[] | undefined): Observation[] {
  if (!offered || offered.includes(sent)) return [];
  const older = offered.filter((one) => /^\d{4}-\d\d-\d\d$/.test(one) && one < sent).toSorted();
  const message = `${label}: api-version ${sent} is not offered`;
  if (older.length > 0) return [observation('warns', `${message}; Moat will send ${older.at(-1)} instead`)];
  const remedy = 'POST with another "location", or install a release of Moat that sends one of these versions';
  return [observation('blocks', `${message}, only ${offered.join(', ')}`, remedy)];
}

export const offeredApiVersions = defineRule({
  id: 'API-VERSION',
  title: 'The providers offer the api-versions that Moat sends, or older released ones, which it sends instead',
  reads: ['providers', 'planned'],
  severities: ['blocks', 'warns'],
  source: 'Azure docs: resource providers and types (apiVersions)',
  check: ({ providers, planned }) =>
    planned.flatMap(({ type, apiVersion }) => versionFinding(type, apiVersion, versionsOf(providers, type))),
});
