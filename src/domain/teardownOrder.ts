import { names, parseResourceId, privateLinkNames, resourceId } from './naming.ts';
import type { ResourceRef, EnvironmentRef } from './naming.ts';
import { plannedResources } from './resources.ts';
import type { StepId } from './steps.ts';

/** The network interface of a private endpoint, which Azure removes with the endpoint, later (DEL-8). */
export const privateEndpointInterface = 'microsoft.network/networkinterfaces of a private endpoint';

/**
 * The order in which a group is emptied: what holds others goes first, what is in one phase goes at the same time.
 * Sources: Azure docs on deleting private endpoints, subnets, virtual machines and workspaces (DEL-1 to DEL-20).
 */
export const deletionPhases: readonly Record<string, StepId>[] = [
  {
    // Its traffic and its deployments go with it (DEL-18).
    'microsoft.machinelearningservices/workspaces/onlineendpoints': 'endpoint',
    'microsoft.compute/virtualmachines': 'jumpbox',
  },
  {
    'microsoft.network/networkinterfaces': 'jumpbox',
    'microsoft.compute/disks': 'jumpbox',
    'microsoft.network/privateendpoints': 'workspace',
  },
  { [privateEndpointInterface]: 'workspace' },
  { 'microsoft.machinelearningservices/workspaces': 'workspace' },
  {
    'microsoft.containerregistry/registries': 'workspace',
    'microsoft.storage/storageaccounts': 'workspace',
    'microsoft.keyvault/vaults': 'workspace',
    'microsoft.insights/components': 'workspace',
    'microsoft.managedidentity/userassignedidentities': 'workspace',
    'microsoft.network/privatednszones/virtualnetworklinks': 'network',
  },
  {
    'microsoft.operationalinsights/workspaces': 'workspace',
    'microsoft.alertsmanagement/smartdetectoralertrules': 'workspace',
    'microsoft.insights/actiongroups': 'workspace',
    'microsoft.network/privatednszones': 'network',
    'microsoft.network/virtualnetworks': 'network',
  },
  { 'microsoft.network/networksecuritygroups': 'network', 'microsoft.network/natgateways': 'network' },
  { 'microsoft.network/publicipaddresses': 'network' },
];

/** What stands on a type: where one of these is left, so is it. A child holds its parent besides. */
const heldBy: Record<string, readonly string[]> = {
  'microsoft.network/networkinterfaces': ['microsoft.compute/virtualmachines'],
  'microsoft.compute/disks': ['microsoft.compute/virtualmachines'],
  [privateEndpointInterface]: ['microsoft.network/privateendpoints'],
  'microsoft.machinelearningservices/workspaces': ['microsoft.network/privateendpoints'],
  'microsoft.containerregistry/registries': ['microsoft.machinelearningservices/workspaces'],
  'microsoft.storage/storageaccounts': ['microsoft.machinelearningservices/workspaces'],
  'microsoft.keyvault/vaults': ['microsoft.machinelearningservices/workspaces'],
  'microsoft.insights/components': ['microsoft.machinelearningservices/workspaces'],
  'microsoft.operationalinsights/workspaces': ['microsoft.insights/components'],
  'microsoft.managedidentity/userassignedidentities': ['microsoft.compute/virtualmachines'],
  'microsoft.network/privatednszones/virtualnetworklinks': ['microsoft.network/privateendpoints'],
  'microsoft.network/privatednszones': ['microsoft.network/privateendpoints'],
  'microsoft.network/virtualnetworks': [
    'microsoft.network/networkinterfaces',
    'microsoft.network/privateendpoints',
    privateEndpointInterface,
    'microsoft.network/privatednszones/virtualnetworklinks',
  ],
  'microsoft.network/networksecuritygroups': ['microsoft.network/virtualnetworks'],
  'microsoft.network/natgateways': ['microsoft.network/virtualnetworks'],
  'microsoft.network/publicipaddresses': ['microsoft.network/natgateways'],
};

/** What Azure makes beside the planned: the machine's disk, and alert rules that come with Application Insights. */
const besides = (site: EnvironmentRef): ResourceRef[] => {
  const { disk, applicationInsights } = names(site);
  return [
    { type: 'Microsoft.Compute/disks', name: disk },
    { type: 'Microsoft.AlertsManagement/smartDetectorAlertRules', name: `Failure Anomalies - ${applicationInsights}` },
    { type: 'Microsoft.Insights/actionGroups', name: 'Application Insights Smart Detection' },
  ];
};

const ownIds = (site: EnvironmentRef): string[] =>
  [...plannedResources(site).map(({ id }) => id), ...besides(site).map((ref) => resourceId(site, ref))].map((id) =>
    id.toLowerCase(),
  );

const interfacesOfPrivateEndpoints = (site: EnvironmentRef): string[] =>
  privateLinkNames.map((link) =>
    resourceId(site, {
      type: 'Microsoft.Network/networkInterfaces',
      name: `${names(site).privateEndpoint(link)}.nic.`,
    }).toLowerCase(),
  );

/** Whether a resource is one that Moat made, or that came with one: by its name, for anybody can put things into a group. */
export function isOwn(site: EnvironmentRef, id: string): boolean {
  const asked = id.toLowerCase();
  return (
    ownIds(site).some((own) => asked === own || asked.startsWith(`${own}/`)) ||
    interfacesOfPrivateEndpoints(site).some((own) => asked.startsWith(own))
  );
}

/** The kind by which a resource is removed: its type in lower case; a private endpoint's interface is one of its own. */
export function kindOf(site: EnvironmentRef, id: string): string {
  if (interfacesOfPrivateEndpoints(site).some((own) => id.toLowerCase().startsWith(own)))
    return privateEndpointInterface;
  return parseResourceId(id)?.type.toLowerCase() ?? 'unknown';
}

/** How a listed resource is removed: in its phase, with what contains it, or not at all because it is not Moat's. */
export function deletionOf(site: EnvironmentRef, id: string): { phase: number; step: StepId } | 'contained' | 'foreign' {
  if (!isOwn(site, id)) return 'foreign';
  const kind = kindOf(site, id);
  const phase = deletionPhases.findIndex((kinds) => kind in kinds);
  return phase < 0 ? 'contained' : { phase, step: deletionPhases[phase]![kind]! };
}

/** Whether a resource cannot go because something that stands on it is left. */
export function hasDependents(site: EnvironmentRef, id: string, left: readonly string[]): boolean {
  const holders = heldBy[kindOf(site, id)] ?? [];
  return left.some(
    (other) => other.toLowerCase().startsWith(`${id.toLowerCase()}/`) || holders.includes(kindOf(site, other)),
  );
}
