import type { StepId } from './steps.ts';

/**
 * The order in which a group is emptied: what holds others goes first, what is in one phase goes at the same time.
 * Sources: Azure docs on deleting private endpoints, subnets, virtual machines and workspaces (DEL-1 to DEL-20).
 */
export const undoPhases: readonly Record<string, StepId>[] = [
  {
    'microsoft.machinelearningservices/workspaces/onlineendpoints': 'endpoint',
    'microsoft.compute/virtualmachines': 'jumpbox',
  },
  {
    'microsoft.network/networkinterfaces': 'jumpbox',
    'microsoft.compute/disks': 'jumpbox',
    'microsoft.network/privateendpoints': 'workspace',
  },
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
    'microsoft.network/privatednszones': 'network',
    'microsoft.network/virtualnetworks': 'network',
  },
  { 'microsoft.network/networksecuritygroups': 'network', 'microsoft.network/natgateways': 'network' },
  { 'microsoft.network/publicipaddresses': 'network' },
];

/** Types that go with what contains them, without a deletion of their own. */
const contained = new Set([
  'microsoft.machinelearningservices/workspaces/onlineendpoints/deployments',
  'microsoft.compute/virtualmachines/runcommands',
]);

/** A private endpoint's own network interface, which Azure removes with it (DEL-8). */
const ofPrivateEndpoint = /\.nic\.[0-9a-f-]+$/i;

/** How a listed resource is removed: with its phase, with what contains it, or not at all because it is not Moat's. */
export function undoOf(resource: {
  id: string;
  type: string;
}): { phase: number; step: StepId } | 'contained' | 'foreign' {
  const type = resource.type.toLowerCase();
  if (contained.has(type) || ofPrivateEndpoint.test(resource.id)) return 'contained';
  const phase = undoPhases.findIndex((types) => type in types);
  return phase < 0 ? 'foreign' : { phase, step: undoPhases[phase]![type]! };
}
