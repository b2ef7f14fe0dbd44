import type { Finding } from '../../domain/preflightReport.ts';
import { catalogueRows, resourceProviders } from '../../domain/resources.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** PF-01: the subscription exists and is enabled. */
export async function checkSubscription({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const path = `/subscriptions/${ref.subscriptionId}`;
  const { state } = (await azure.generic.send('GET', path, '2022-12-01')) as { state?: string };
  if (state === 'Enabled') return [];
  return [
    finding(
      'PF-01',
      'blocks',
      `subscription ${ref.subscriptionId} is ${state ?? 'in an unknown state'}`,
      'set AZURE_SUBSCRIPTION_ID to an enabled subscription',
    ),
  ];
}

const providers = [
  ...resourceProviders,
  'Microsoft.Authorization',
  // An online endpoint needs them, but its error message does not name them (Microsoft Q&A 1983847).
  'Microsoft.PolicyInsights',
  'Microsoft.Cdn',
  // Application Insights adds its smart detector rule by itself.
  'Microsoft.AlertsManagement',
];

/** PF-02: every required resource provider is registered and offers its types in the location. */
export async function checkProviders({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const client = azure.clients(ref.subscriptionId).resources.providers;
  const found = await Promise.all(providers.map((namespace) => client.get(namespace)));
  const unregistered = found.flatMap(({ namespace, registrationState }, i) =>
    registrationState === 'Registered'
      ? []
      : [
          finding(
            'PF-02',
            'blocks',
            `resource provider ${namespace ?? providers[i]} is ${registrationState ?? 'not registered'}`,
            `az provider register --namespace ${namespace ?? providers[i]} --wait`,
          ),
        ],
  );
  return [...unregistered, ...found.flatMap((provider) => notOffered(provider, ref.location))];
}

const shortName = (location: string): string => location.replaceAll(' ', '').toLowerCase();
const plannedTypes = new Set(
  catalogueRows.flatMap(([, { type, lifetime }]) => (lifetime === undefined ? [type.toLowerCase()] : [])),
);

interface Provider {
  namespace?: string;
  resourceTypes?: { resourceType?: string; locations?: string[] }[];
}

/** The types that a provider does not offer in the location. A type without a list, or with a global one, is not bound to regions. */
export function notOffered({ namespace, resourceTypes = [] }: Provider, location: string): Finding[] {
  return resourceTypes
    .map(({ resourceType, locations = [] }) => ({
      type: `${namespace}/${resourceType}`,
      regions: locations.map(shortName),
    }))
    .filter(({ type }) => plannedTypes.has(type.toLowerCase()))
    .filter(({ regions }) => regions.length > 0 && !regions.includes('global') && !regions.includes(location))
    .map(({ type }) =>
      finding('REGION', 'blocks', `${type} is not offered in ${location}`, 'POST with another "location"'),
    );
}

const toleratedSkewMs = 60_000;

/** Leases expire by this machine's clock, so it must agree with Azure's. */
export function checkClock({ azure }: PreflightContext): Finding[] {
  const skewMs = azure.clockSkewMs() ?? 0;
  if (Math.abs(skewMs) <= toleratedSkewMs) return [];
  const message = `this machine's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'behind' : 'ahead of'} Azure's`;
  return [finding('CLOCK', 'warns', message, 'synchronise the clock (chrony, timesyncd)')];
}
