import { names, privateLinkNames, resourceId, zoneNames } from './naming.ts';
import type { PrivateLink, ResourceRef, EnvironmentRef } from './naming.ts';
import type { StepId } from './steps.ts';

/** Every ARM resource that Moat itself creates in the group, by a key that the sequence speaks. */
export type ResourceKey =
  | 'networkSecurityGroup'
  | 'buildInternetRule'
  | 'natAddress'
  | 'natGateway'
  | 'virtualNetwork'
  | `zone:${string}`
  | `zoneLink:${string}`
  | 'logAnalytics'
  | 'applicationInsights'
  | 'storageAccount'
  | 'vault'
  | 'registry'
  | 'identity'
  | 'workspace'
  | `privateEndpoint:${PrivateLink}`
  | `zoneGroup:${PrivateLink}`
  | 'networkInterface'
  | 'virtualMachine'
  | 'onlineEndpoint'
  | 'deployment';

export interface PlannedResource extends ResourceRef {
  key: ResourceKey;
  step: StepId;
  title: string;
  id: string;
}

/** All resources of an environment, in the order of the sequence. The build-time Internet rule is not among them: it does not stay. */
export function plannedResources(site: EnvironmentRef): PlannedResource[] {
  const n = names(site);
  const row = (step: StepId, key: ResourceKey, title: string, type: string, name: string): PlannedResource => ({
    key,
    step,
    title,
    type,
    name,
    id: resourceId(site, { type, name }),
  });
  return [
    row(
      'network',
      'networkSecurityGroup',
      'network security group',
      'Microsoft.Network/networkSecurityGroups',
      n.networkSecurityGroup,
    ),
    row(
      'network',
      'natAddress',
      'public IP address of the NAT gateway',
      'Microsoft.Network/publicIPAddresses',
      n.natAddress,
    ),
    row('network', 'natGateway', 'NAT gateway', 'Microsoft.Network/natGateways', n.natGateway),
    row('network', 'virtualNetwork', 'virtual network', 'Microsoft.Network/virtualNetworks', n.virtualNetwork),
    ...zoneNames.map((zone) =>
      row('network', `zone:${zone}`, 'private DNS zone', 'Microsoft.Network/privateDnsZones', zone),
    ),
    ...zoneNames.map((zone) =>
      row(
        'network',
        `zoneLink:${zone}`,
        'virtual network link',
        'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
        `${zone}/${n.zoneLink}`,
      ),
    ),
    row(
      'workspace',
      'logAnalytics',
      'Log Analytics workspace',
      'Microsoft.OperationalInsights/workspaces',
      n.logAnalytics,
    ),
    row(
      'workspace',
      'applicationInsights',
      'Application Insights',
      'Microsoft.Insights/components',
      n.applicationInsights,
    ),
    row('workspace', 'storageAccount', 'storage account', 'Microsoft.Storage/storageAccounts', n.storageAccount),
    row('workspace', 'vault', 'key vault', 'Microsoft.KeyVault/vaults', n.vault),
    row('workspace', 'registry', 'container registry', 'Microsoft.ContainerRegistry/registries', n.registry),
    row('workspace', 'identity', 'managed identity', 'Microsoft.ManagedIdentity/userAssignedIdentities', n.identity),
    row('workspace', 'workspace', 'workspace', 'Microsoft.MachineLearningServices/workspaces', n.workspace),
    ...privateLinkNames.flatMap((link) => [
      row(
        'workspace',
        `privateEndpoint:${link}`,
        'private endpoint',
        'Microsoft.Network/privateEndpoints',
        n.privateEndpoint(link),
      ),
      row(
        'workspace',
        `zoneGroup:${link}`,
        'private DNS zone group',
        'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
        `${n.privateEndpoint(link)}/${n.zoneGroup}`,
      ),
    ]),
    row('jumpbox', 'networkInterface', 'network interface', 'Microsoft.Network/networkInterfaces', n.networkInterface),
    row('jumpbox', 'virtualMachine', 'virtual machine', 'Microsoft.Compute/virtualMachines', n.virtualMachine),
    row(
      'endpoint',
      'onlineEndpoint',
      'online endpoint',
      'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
      `${n.workspace}/${n.onlineEndpoint}`,
    ),
    row(
      'endpoint',
      'deployment',
      'online deployment',
      'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
      `${n.workspace}/${n.onlineEndpoint}/${n.deployment}`,
    ),
  ];
}

/** The rule that lets set-up and image build reach the Internet; it exists only while they run. */
export function buildInternetRule(site: EnvironmentRef): PlannedResource {
  const type = 'Microsoft.Network/networkSecurityGroups/securityRules';
  const name = `${names(site).networkSecurityGroup}/AllowInternetWhileBuilding`;
  return {
    key: 'buildInternetRule',
    step: 'jumpbox',
    title: 'build-time Internet rule',
    type,
    name,
    id: resourceId(site, { type, name }),
  };
}

/** Id of a managed run command of the jumpbox. */
export const runCommandId = (site: EnvironmentRef, name: string): string =>
  resourceId(site, {
    type: 'Microsoft.Compute/virtualMachines/runCommands',
    name: `${names(site).virtualMachine}/${name}`,
  });

/** One planned resource by its key. Throws RangeError on a key that the environment has not. */
export function plannedResource(site: EnvironmentRef, key: ResourceKey): PlannedResource {
  const found =
    key === 'buildInternetRule' ? buildInternetRule(site) : plannedResources(site).find((row) => row.key === key);
  if (!found) throw new RangeError(`no such resource: ${key}`);
  return found;
}
