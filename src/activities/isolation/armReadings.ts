import type { Azure } from '../../azure/connectAzure.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { accessKeys } from '../../domain/isolationSpec.ts';
import type { AccessKey } from '../../domain/isolationSpec.ts';
import { groupName } from '../../domain/naming.ts';
import { zoneNames } from '../../domain/privateLinks.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import type { Connected } from '../resources/connections.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import type { NetworkModel } from '../resources/managedNetwork/networkModel.ts';
import { resourceHandle } from '../resources/resourceType.ts';
import { resourceTypeOf } from '../resources/resourceTypes.ts';
import { readLink, readRecords } from '../resources/zoneReads.ts';
import type { ZoneRecord } from '../resources/zoneReads.ts';

/** The members that the rows are about, of the models of all SDKs. */
export interface AccessModel extends Connected {
  publicNetworkAccess?: string;
  /** of a workspace: its guid, which DNS names contain */
  workspaceId?: string;
  /** of a vault */
  networkAcls?: RuleSet;
  /** of a storage account or registry */
  networkRuleSet?: RuleSet;
  /** of a workspace */
  managedNetwork?: NetworkModel;
}
export interface RuleSet {
  defaultAction?: string;
  ipRules?: object[];
  virtualNetworkRules?: object[];
}
/** A private DNS zone: undefined `link` where there is none, `records` empty where there is no zone. */
export interface ZoneReading {
  zone: string;
  link: { state: string; networkId: string } | undefined;
  records: ZoneRecord[];
}

async function collect<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function readZone(azure: Azure, ref: EnvironmentRef, zone: string): Promise<ZoneReading> {
  const [link, records = []] = await Promise.all([readLink(azure, ref, zone), readRecords(azure, ref, zone)]);
  return {
    zone,
    link: link && { state: link.virtualNetworkLinkState ?? 'unknown', networkId: link.virtualNetwork?.id ?? '' },
    records,
  };
}

/** Reads a planned resource; undefined where it does not exist. The SDKs differ in what is below `properties`. */
async function readModel<Model extends object>(
  azure: Azure,
  ref: EnvironmentRef,
  key: ResourceKey,
): Promise<Model | undefined> {
  const { id } = plannedResource(ref, key);
  const found = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  return found && ({ ...found, ...(found as { properties?: object }).properties } as Model);
}

/** The network's part: rules, subnets, interfaces and public addresses of the group. A brought network is the owner's. */
async function readNetwork(azure: Azure, ref: EnvironmentRef) {
  const { network } = azure.clients(ref.subscriptionId);
  const group = groupName(ref);
  const own = async <Model>(read: () => Promise<Model>): Promise<Model | undefined> =>
    isBrought(ref, { key: 'virtualNetwork' }) ? undefined : ignoreNotFound(azure, read());
  const [securityGroup, virtualNetwork, interfaces, addresses] = await Promise.all([
    own(() => network.networkSecurityGroups.get(group, resourceName(ref, 'networkSecurityGroup'))),
    own(() => network.virtualNetworks.get(group, resourceName(ref, 'virtualNetwork'))),
    collect(network.networkInterfaces.list(group)),
    collect(network.publicIPAddresses.list(group)),
  ]);
  return { securityGroup, virtualNetwork, interfaces, addresses };
}

async function readDeployments(azure: Azure, ref: EnvironmentRef) {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'onlineEndpoint').id);
  const { onlineDeployments } = clients.machineLearning;
  return (await ignoreNotFound(azure, collect(onlineDeployments.list(group, names[0]!, names[1]!)))) ?? [];
}

/** Everything that the rows from ARM are about: one request per resource, zone or list, all at once. */
export async function readIsolation(azure: Azure, ref: EnvironmentRef) {
  const [models, deployments, network, zones] = await Promise.all([
    Promise.all(accessKeys.map((key) => readModel<AccessModel>(azure, ref, key))),
    readDeployments(azure, ref),
    readNetwork(azure, ref),
    Promise.all(zoneNames.map((zone) => readZone(azure, ref, zone))),
  ]);
  const access = Object.fromEntries(accessKeys.map((key, index) => [key, models[index]])) as Record<
    AccessKey,
    AccessModel | undefined
  >;
  return { access, deployments, ...network, zones };
}
export type Readings = Awaited<ReturnType<typeof readIsolation>>;
