import type { JsonObject, SubscriptionRoute } from '../../arm/model.ts';
import { blockOf, toAddress } from './addressSpace.ts';
import type { Block } from './addressSpace.ts';

/** Azure's own address of DNS, health probes and the agent, in every virtual network. */
const platformAddress = '168.63.129.16/32';

/** What `Internet` does not hold: private, shared, local and multicast addresses (RFC 6890), and the platform's. */
const notInternet = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  platformAddress,
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
];

/** The addresses of all emulated services of Azure; which of them a tag holds is decided by name. */
const serviceAddresses = ['20.0.0.0/8'];

/** The largest prefixes that hold what is between two addresses. */
function prefixesOf({ first, last }: Block): string[] {
  const prefixes: string[] = [];
  for (let from = first; from <= last;) {
    let bits = 32;
    while (bits > 0 && from % 2 ** (33 - bits) === 0 && from + 2 ** (33 - bits) - 1 <= last) bits -= 1;
    prefixes.push(`${toAddress(from)}/${bits}`);
    from += 2 ** (32 - bits);
  }
  return prefixes;
}

/** All addresses but those of some prefixes. */
function complementOf(excluded: string[]): string[] {
  const blocks = excluded.map(blockOf).toSorted((a, b) => a.first - b.first);
  const prefixes: string[] = [];
  let next = 0;
  for (const { first, last } of blocks) {
    if (first > next) prefixes.push(...prefixesOf({ first: next, last: first - 1 }));
    next = Math.max(next, last + 1);
  }
  return next < 2 ** 32 ? [...prefixes, ...prefixesOf({ first: next, last: 2 ** 32 - 1 })] : prefixes;
}

/** The prefixes of a service tag, seen from a virtual network with these address spaces; undefined for what is no tag. */
export function expanded(tag: string, spaces: string[]): string[] | undefined {
  if (/^(\d|\*)/.test(tag)) return undefined;
  if (/^VirtualNetwork$/i.test(tag)) return [...spaces, platformAddress];
  if (/^AzureLoadBalancer$/i.test(tag)) return [platformAddress];
  return /^Internet$/i.test(tag) ? complementOf([...notInternet, ...spaces]) : serviceAddresses;
}

/** The tags of emulated services; those with `regional` exist for each region, too. */
const serviceTags = [
  { name: 'AzureActiveDirectory', systemService: 'AzureAD' },
  { name: 'AzureCloud', systemService: '', regional: true },
  { name: 'AzureContainerRegistry', systemService: 'AzureContainerRegistry', regional: true },
  { name: 'AzureFrontDoor.FirstParty', systemService: 'AzureFrontDoor' },
  { name: 'AzureKeyVault', systemService: 'AzureKeyVault', regional: true },
  { name: 'AzureMachineLearning', systemService: 'AzureMachineLearning', regional: true },
  { name: 'AzureResourceManager', systemService: 'AzureResourceManager' },
  { name: 'MicrosoftContainerRegistry', systemService: 'MicrosoftContainerRegistry' },
  { name: 'Storage', systemService: 'AzureStorage', regional: true },
];

const tagRow = (name: string, region: string, systemService: string): JsonObject => ({
  name,
  id: name,
  serviceTagChangeNumber: '1',
  properties: {
    changeNumber: '1',
    region,
    state: 'GA',
    networkFeatures: ['NSG'],
    systemService,
    addressPrefixes: serviceAddresses,
  },
});

/** The service tags that the emulated network knows, with the addresses of their services. */
export const serviceTagRoute: SubscriptionRoute = {
  method: 'GET',
  path: '/providers/Microsoft.Network/locations/{location}/serviceTags',
  handle: (_cloud, { subscriptionId, params: { location = '' } }) => ({
    status: 200,
    body: {
      name: 'Public',
      id: `/subscriptions/${subscriptionId}/providers/Microsoft.Network/serviceTags/Public`,
      type: 'Microsoft.Network/serviceTags',
      changeNumber: '1',
      cloud: 'Public',
      values: serviceTags.flatMap(({ name, systemService, regional }) => [
        tagRow(name, '', systemService),
        ...(regional ? [tagRow(`${name}.${location.toLowerCase()}`, location.toLowerCase(), systemService)] : []),
      ]),
    },
  }),
};
