import { addressCount, rangesOverlap } from '../../../domain/addressRange.ts';
import { privateLinkKeys } from '../../../domain/privateLinks.ts';
import { subnetName } from '../../../domain/resources.ts';
import type { Facts } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { ofType, valueAt } from './resourceFact.ts';
import type { ResourceFact } from './resourceFact.ts';

const networksOf = ({ planned, existing }: Pick<Facts, 'planned' | 'existing'>): ResourceFact[] =>
  ofType([...planned, ...existing], 'Microsoft.Network/virtualNetworks');

const listAt = (body: unknown, path: string): unknown[] => {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value : [];
};

const subnetOf = ({ body }: ResourceFact): unknown =>
  listAt(body, 'properties.subnets').find((one) => valueAt(one, 'name') === subnetName);

/** Docker's own network on a compute instance and on the jumpbox. */
export const dockerRange = '172.17.0.0/16';

/** What was changed in an existing network does not stop the run: it warns. */
const severityFor = ({ apiVersion }: ResourceFact) => (apiVersion === '' ? 'warns' : 'blocks');

const noDockerRange = defineRule({
  id: 'PF-27',
  title: `The virtual network does not overlap ${dockerRange}, the network of Docker`,
  reads: ['planned', 'existing'],
  severities: ['blocks', 'warns'],
  source: 'Azure docs: configure a private endpoint for a workspace',
  check: (facts) =>
    networksOf(facts).flatMap((network) =>
      listAt(network.body, 'properties.addressSpace.addressPrefixes')
        .filter((range) => rangesOverlap(String(range), dockerRange))
        .map((range) =>
          observation(
            severityFor(network),
            `${network.label} has ${String(range)}, which overlaps ${dockerRange}`,
            `az network vnet update --ids ${network.id} --address-prefixes <without that range>`,
          ),
        ),
    ),
});

/** Azure keeps five of each subnet. Private endpoints use one each; those of registry and workspace have one and two more. The jumpbox has one. */
export const neededAddresses = 5 + privateLinkKeys.length + 1 + 2 + 1;

const subnetSize = defineRule({
  id: 'PF-28',
  title: `The subnet has ${neededAddresses} addresses: those of the private endpoints and the jumpbox, and five that Azure keeps`,
  reads: ['planned', 'existing'],
  severities: ['blocks', 'warns'],
  source:
    'Azure docs: virtual network FAQ (reserved addresses); custom DNS (addresses of the workspace); container registry private link',
  check: (facts) =>
    networksOf(facts).flatMap((network) => {
      const subnet = subnetOf(network);
      const range = valueAt(subnet, 'properties.addressPrefix') ?? listAt(subnet, 'properties.addressPrefixes')[0];
      if (typeof range !== 'string' || addressCount(range) >= neededAddresses) return [];
      const message = `subnet ${subnetName} of ${network.label} has ${addressCount(range)} addresses (${range}), needs ${neededAddresses}`;
      return [
        observation(
          severityFor(network),
          message,
          'nothing while no address is used: the run sets it again; else DELETE the environment',
        ),
      ];
    }),
});

const noNetworkPolicies = defineRule({
  id: 'PF-26',
  title: 'The subnet has no network policies for private endpoints',
  reads: ['planned', 'existing'],
  severities: ['blocks', 'warns'],
  source: 'Azure docs: manage network policies for private endpoints',
  check: (facts) =>
    networksOf(facts).flatMap((network) => {
      const value = valueAt(subnetOf(network), 'properties.privateEndpointNetworkPolicies');
      if (value === undefined || value === 'Disabled') return [];
      const message = `subnet ${subnetName} of ${network.label}: privateEndpointNetworkPolicies ${JSON.stringify(value)}, must be Disabled`;
      return [observation(severityFor(network), message, 'nothing: the run sets it again')];
    }),
});

const noCustomDns = defineRule({
  id: 'PF-20',
  title: 'The virtual network uses the DNS of Azure',
  reads: ['planned', 'existing'],
  severities: ['warns'],
  source: 'the article: troubleshooting; Azure docs: use a workspace with a custom DNS server',
  check: (facts) =>
    networksOf(facts).flatMap(({ label, body }) => {
      const servers = listAt(body, 'properties.dhcpOptions.dnsServers');
      if (servers.length === 0) return [];
      const message = `${label} uses the DNS servers ${servers.join(', ')}`;
      return [observation('warns', message, 'forward the privatelink zones of these servers to 168.63.129.16')];
    }),
});

const sameRegion = defineRule({
  id: 'PF-29',
  title:
    'Existing resources are in the region of the spec: the private endpoint of a workspace is in the region of its network',
  reads: ['existing'],
  severities: ['blocks'],
  source: 'Azure docs: configure a private endpoint for a workspace (limitations)',
  check: ({ existing, environment: { ref } }) =>
    existing.flatMap(({ label, body, id }) => {
      const { location } = body;
      const region = typeof location === 'string' ? location.replaceAll(' ', '').toLowerCase() : ref.location;
      if (region === ref.location) return [];
      return [
        observation('blocks', `${label} is in ${region}, not in ${ref.location}`, `az resource delete --ids ${id}`),
      ];
    }),
});

/** Prerequisites and limitations of the virtual network. */
export const networkRules: readonly Rule[] = [noCustomDns, noNetworkPolicies, noDockerRange, subnetSize, sameRegion];
