import type { ExistingIds } from '../../domain/existingResources.ts';
import { isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { privateLinkKeys } from '../../domain/privateLinks.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { plannedResource, resourceName, resourcesOf } from '../../domain/resources.ts';
import type { Azure } from '../../azure/connectAzure.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';

/** The ids of what has a place in the environment, and what prevents a choice. */
export interface AdoptedIds {
  /** by key, where the name is another one than Moat's */
  ids: ExistingIds;
  /** the workspace's online endpoints: Moat serves one */
  endpoints: string[];
  /** of the only endpoint: Moat serves one of them */
  deployments: string[];
}

type Found = [ResourceKey, string][];

interface Listed {
  id?: string;
  virtualNetwork?: { id?: string };
}

/** Empty where the parent does not exist. */
const list = async (azure: Azure, listed: AsyncIterable<Listed>): Promise<Listed[]> =>
  (await ignoreNotFound(azure, Array.fromAsync(listed))) ?? [];

const idsOf = (listed: readonly Listed[]): string[] => listed.flatMap(({ id }) => (id ? [id] : []));

/**
 * Finds the resources that Azure allows once only, whatever their names: a zone's link to the network, the zone group of a private endpoint,
 * and the endpoint with its deployment, whose names their creator chose. Only reads.
 */
export async function findAdoptedIds(azure: Azure, ref: EnvironmentRef): Promise<AdoptedIds> {
  const [links, groups, served] = await Promise.all([
    findLinks(azure, ref),
    findZoneGroups(azure, ref),
    findServed(azure, ref),
  ]);
  const found = [...links, ...groups, ...served.found];
  const { ids: _, ...named } = ref;
  const isOther = ([key, id]: Found[number]): boolean =>
    plannedResource(named, key).id.toLowerCase() !== id.toLowerCase();
  const { endpoints, deployments } = served;
  return { ids: Object.fromEntries(found.filter(isOther)), endpoints, deployments };
}

async function findLinks(azure: Azure, ref: EnvironmentRef): Promise<Found> {
  const { id: network } = plannedResource(ref, 'virtualNetwork');
  const { virtualNetworkLinks } = azure.clients(ref.subscriptionId).dns;
  const found = resourcesOf(ref, 'zone').map(async ({ id, name }): Promise<Found> => {
    const links = await list(azure, virtualNetworkLinks.list(groupOf(id), name));
    const own = links.filter(({ virtualNetwork }) => isWithin(network, virtualNetwork?.id ?? ''));
    return idsOf(own).map((link) => [`zoneLink:${name}` as ResourceKey, link]);
  });
  return (await Promise.all(found)).flat();
}

async function findZoneGroups(azure: Azure, ref: EnvironmentRef): Promise<Found> {
  const { privateDnsZoneGroups } = azure.clients(ref.subscriptionId).network;
  const found = privateLinkKeys.map(async (link): Promise<Found> => {
    const { id, name } = plannedResource(ref, `privateEndpoint:${link}`);
    const groups = await list(azure, privateDnsZoneGroups.list(groupOf(id), name));
    return idsOf(groups).map((group) => [`zoneGroup:${link}`, group]);
  });
  return (await Promise.all(found)).flat();
}

async function findServed(azure: Azure, ref: EnvironmentRef): Promise<Omit<AdoptedIds, 'ids'> & { found: Found }> {
  const { machineLearning } = azure.clients(ref.subscriptionId);
  const { id, name } = plannedResource(ref, 'workspace');
  const group = groupOf(id);
  const endpoints = idsOf(await list(azure, machineLearning.onlineEndpoints.list(group, name)));
  const [endpoint] = endpoints;
  if (endpoint === undefined || endpoints.length > 1) return { found: [], endpoints, deployments: [] };
  const listed = machineLearning.onlineDeployments.list(group, name, nameOf(endpoint));
  const deployments = idsOf(await list(azure, listed));
  const blue = deployments.find((one) => nameOf(one) === resourceName({ ...ref, ids: {} }, 'deployment'));
  const deployment = blue ?? (deployments.length === 1 ? deployments[0] : undefined);
  const found: Found = [['onlineEndpoint', endpoint]];
  if (deployment !== undefined && deployment !== blue) found.push(['deployment', deployment]);
  return { found, endpoints, deployments };
}

const groupOf = (id: string): string => id.split('/')[4]!;
const nameOf = (id: string): string => id.split('/').at(-1)!;
