import { addressCount, rangesOverlap } from '../../../domain/addressRange.ts';
import { isBrought } from '../../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { privateLinkKeys, privateLinks } from '../../../domain/privateLinks.ts';
import { anyRecord } from '../../../domain/resourceRow.ts';
import { plannedResource, resourceName } from '../../../domain/resources.ts';
import { retryByPost } from '../../../domain/remedies.ts';
import type { Facts } from '../facts.ts';
import { existsAlready } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation, Rule } from '../rule.ts';
import { at, existingOf, listAt, sameText, textAt } from './broughtFact.ts';
import type { BroughtFact, ZoneFact } from './broughtFact.ts';
import { dockerRange, neededAddresses } from './networkRules.ts';

const another = 'POST with another "existing.subnet"';

/** What is wrong with a property of the existing subnet. */
const subnetRule = (
  row: Pick<Rule, 'id' | 'title' | 'severities' | 'source'>,
  check: (subnet: BroughtFact, environment: Facts['environment']) => Observation[],
): Rule =>
  defineRule({
    ...row,
    reads: ['brought'],
    check: ({ brought, environment }) => existingOf(brought, 'subnet').flatMap((one) => check(one, environment)),
  });

const noPolicies = subnetRule(
  {
    id: 'PF-26',
    title: 'An existing subnet has no network policies for private endpoints',
    severities: ['blocks'],
    source: 'Azure docs: manage network policies for private endpoints',
  },
  (subnet) => {
    const value = at(subnet, 'properties.privateEndpointNetworkPolicies');
    if (value === undefined || sameText(value, 'Disabled')) return [];
    const message = `existing ${subnet.label} has privateEndpointNetworkPolicies ${JSON.stringify(value)}, must be Disabled`;
    return [
      observation(
        'blocks',
        message,
        `az network vnet subnet update --ids ${subnet.id} --private-endpoint-network-policies Disabled`,
      ),
    ];
  },
);

const noDelegation = subnetRule(
  {
    id: 'SUBNET-DELEGATION',
    title: 'An existing subnet is not delegated to a service',
    severities: ['blocks'],
    source: 'Azure docs: subnet delegation',
  },
  (subnet) =>
    listAt(subnet, 'properties.delegations').length === 0
      ? []
      : [
          observation(
            'blocks',
            `existing ${subnet.label} is delegated to a service: it takes no virtual machine`,
            another,
          ),
        ],
);

const freeAddresses = subnetRule(
  {
    id: 'PF-28',
    title: `An existing subnet has ${neededAddresses - 5} free addresses: those of the private endpoints and the jumpbox`,
    severities: ['blocks'],
    source: 'Azure docs: virtual network FAQ (reserved addresses); custom DNS (addresses of the workspace)',
  },
  (subnet, { ref, inventory }) => {
    const range = at(subnet, 'properties.addressPrefix') ?? listAt(subnet, 'properties.addressPrefixes')[0];
    // a run that continues has its addresses already
    if (typeof range !== 'string' || existsAlready({ ref, inventory }, plannedResource(ref, 'networkInterface').id))
      return [];
    const free = addressCount(range) - 5 - listAt(subnet, 'properties.ipConfigurations').length;
    if (free >= neededAddresses - 5) return [];
    return [
      observation(
        'blocks',
        `existing ${subnet.label} (${range}) has ${free} free addresses, needs ${neededAddresses - 5}`,
        another,
      ),
    ];
  },
);

const outbound = subnetRule(
  {
    id: 'SUBNET-OUTBOUND',
    title:
      'An existing subnet lets the jumpbox reach Azure and, while it is set up and builds the image, the Internet: assumed',
    severities: ['assumed'],
    source: 'the article: outbound rules of the virtual network; docs/bring-your-own.md',
  },
  (subnet) => {
    const [group, table, gateway] = ['networkSecurityGroup', 'routeTable', 'natGateway'].map((member) =>
      textAt(subnet, `properties.${member}.id`, 'none').split('/').at(-1),
    );
    const tags =
      'AzureActiveDirectory, AzureResourceManager, Storage, AzureFrontDoor.FirstParty, AzureContainerRegistry, MicrosoftContainerRegistry';
    const message = `assumed: existing ${subnet.label} (security group ${group}, route table ${table}, NAT gateway ${gateway}) lets the jumpbox reach ${tags} on 443, and the Internet on 80 and 443 while it is set up and builds the image`;
    return [
      observation(
        'assumed',
        message,
        'allow it in the security group and firewall of the network; Moat writes no rule there',
      ),
    ];
  },
);

const noDockerRange = defineRule({
  id: 'PF-27',
  title: `An existing virtual network does not overlap ${dockerRange}, the network of Docker`,
  reads: ['brought'],
  severities: ['blocks'],
  source: 'Azure docs: configure a private endpoint for a workspace',
  check: ({ brought }) =>
    existingOf(brought, 'virtualNetwork').flatMap((network) =>
      listAt(network, 'properties.addressSpace.addressPrefixes')
        .filter((range) => rangesOverlap(String(range), dockerRange))
        .map((range) =>
          observation(
            'blocks',
            `existing ${network.label} has ${String(range)}, which overlaps ${dockerRange}`,
            another,
          ),
        ),
    ),
});

const ownDns = defineRule({
  id: 'PF-20',
  title: 'An existing virtual network uses the DNS of Azure',
  reads: ['brought'],
  severities: ['warns'],
  source: 'the article: troubleshooting; Azure docs: use a workspace with a custom DNS server',
  check: ({ brought }) =>
    existingOf(brought, 'virtualNetwork').flatMap((network) => {
      const servers = listAt(network, 'properties.dhcpOptions.dnsServers');
      if (servers.length === 0) return [];
      const message = `existing ${network.label} uses the DNS servers ${servers.join(', ')}`;
      return [observation('warns', message, 'forward the privatelink zones of these servers to 168.63.129.16')];
    }),
});

/** A network can be linked to one zone of a name only: where its owner has linked it to another one, Moat's zone cannot be. */
const otherZone = defineRule({
  id: 'ZONE-LINKED',
  title: 'An existing virtual network is linked to no other private DNS zone of a name that private endpoints need',
  reads: ['zones'],
  severities: ['blocks'],
  source: 'Azure docs: private DNS virtual network links (overlapping namespaces)',
  check({ zones, environment: { ref } }) {
    if (!isBrought(ref, { key: 'virtualNetwork' })) return [];
    const network = plannedResource(ref, 'virtualNetwork').id;
    const isUsed = ({ id, name }: ZoneFact): boolean => sameText(plannedResource(ref, `zone:${name}`).id, id);
    return zones
      .filter((zone) => !isUsed(zone) && zone.links.some((link) => sameText(link.network, network)))
      .map(({ id, name }) =>
        observation(
          'blocks',
          `${network} is linked to ${id}: Azure allows no second zone ${name}`,
          `POST with ${id} among "existing.privateDnsZones"`,
        ),
      );
  },
});

/** Azure allows one link of a network to a zone: this one would be deleted with the environment that made it. */
const linkOfAnother = defineRule({
  id: 'ZONE-SHARED',
  title: 'No other environment has linked an existing private DNS zone to an existing virtual network',
  reads: ['zones'],
  severities: ['blocks'],
  source: 'Azure docs: private DNS virtual network links (one link for a zone and a network)',
  check({ zones, environment: { ref } }) {
    if (!isBrought(ref, { key: 'virtualNetwork' })) return [];
    const network = plannedResource(ref, 'virtualNetwork').id;
    return zones.flatMap(({ id, links }) =>
      links
        .filter(({ environment = ref.name, ...link }) => environment !== ref.name && sameText(link.network, network))
        .map(({ environment }) =>
          observation(
            'blocks',
            `environment ${environment} has linked ${id} to ${network}, and its teardown removes the link`,
            `delete environment ${environment} first; or link zone and network yourself before environments use both`,
          ),
        ),
    );
  },
});

/** The names that a zone needs for a private link, as far as they are known before the run. */
function recordsNeeded(ref: EnvironmentRef, zone: string, brought: readonly BroughtFact[]): string[] {
  return privateLinkKeys.flatMap((link) => {
    const { target, zones } = privateLinks[link];
    const [workspace] = existingOf(brought, 'workspace');
    const workspaceGuid = workspace && at(workspace, 'properties.workspaceId');
    if (target === 'workspace' && typeof workspaceGuid !== 'string') return [];
    const owner = { name: resourceName(ref, target), location: ref.location, workspaceGuid: String(workspaceGuid) };
    return (zones[zone]?.(owner) ?? []).filter((name) => name !== anyRecord).map((name) => name.toLowerCase());
  });
}

/** A record of the owner's would be overwritten, and deleted with the environment. Also private endpoints from before 24 May 2022 have some. */
const freeRecords = defineRule({
  id: 'ZONE-RECORDS',
  title: 'An existing private DNS zone has no record of a name that the private endpoints of the environment need',
  reads: ['brought', 'zones'],
  severities: ['blocks'],
  source: 'Azure docs: private endpoint DNS integration (records of several private endpoints)',
  check({ brought, zones, environment: { ref, inventory } }) {
    const hasEndpoints = privateLinkKeys.some((link) =>
      existsAlready({ ref, inventory }, plannedResource(ref, `privateEndpoint:${link}`).id),
    );
    if (hasEndpoints) return [];
    return zones.flatMap(({ id, name, records }) => {
      const needed = recordsNeeded(ref, name, brought);
      return records
        .filter((record) => needed.includes(record.name))
        .map((record) =>
          observation(
            'blocks',
            `${id} has the record ${record.name} (${record.addresses.join(', ')}): the private endpoint of the environment would overwrite it`,
            `POST without this zone among "existing.privateDnsZones"; or, if nobody needs the record, az network private-dns record-set a delete --name ${record.name}, then ${retryByPost}`,
          ),
        );
    });
  },
});

/** What Moat requires of an existing network and of existing private DNS zones. */
export const broughtNetworkRules: readonly Rule[] = [
  noPolicies,
  noDelegation,
  freeAddresses,
  outbound,
  noDockerRange,
  ownDns,
  otherZone,
  linkOfAnother,
  freeRecords,
];
