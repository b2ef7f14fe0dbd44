import { guidOf } from '../../../http/signIn.ts';
import { nameOf } from '../../../arm/ids.ts';
import type { Cloud, JsonObject, Resource } from '../../../arm/model.ts';
import { nonEmptyText } from '../../resourceHelpers.ts';
import { isolationModeOf, outboundRuleType } from './networkState.ts';

type Named = [name: string, properties: JsonObject];

/** Sub-resources that a workspace's own dependencies are reached by, by member of its properties. */
const dependencies: [member: string, subresources: string[]][] = [
  ['storageAccount', ['blob', 'file']],
  ['keyVault', ['vault']],
  ['containerRegistry', ['registry']],
];

function endpointRule(serviceResourceId: string, subresourceTarget: string): Named {
  const suffix = guidOf(serviceResourceId.toLowerCase()).slice(0, 8);
  const destination = { serviceResourceId, subresourceTarget, sparkEnabled: true, sparkStatus: 'Inactive' };
  return [
    `__SYS_PE_${nameOf(serviceResourceId)}_${subresourceTarget}_${suffix}`,
    { type: 'PrivateEndpoint', category: 'Required', destination },
  ];
}

function tagRule(serviceTag: string, protocol: string, portRanges: string): Named {
  const suffix = protocol === '*' ? '' : `_${protocol}`;
  const destination = { serviceTag, protocol, portRanges, action: 'Allow', addressPrefixes: [] };
  return [`__SYS_ST_${serviceTag}${suffix}`, { type: 'ServiceTag', category: 'Required', destination }];
}

/** What every network with approved outbound only lets out (Ansible azcollection: azure_rm_mlworkspace_info, its recorded answer). */
const tagRules = (region: string): Named[] => [
  tagRule('AzureActiveDirectory', 'TCP', '80, 443'),
  tagRule('AzureResourceManager', 'TCP', '443'),
  tagRule('AzureMonitor', 'TCP', '443'),
  tagRule(`MicrosoftContainerRegistry.${region}`, 'TCP', '443'),
  tagRule('BatchNodeManagement', 'TCP', '443'),
  tagRule('AzureMachineLearning', 'TCP', '443'),
  tagRule('AzureMachineLearning', 'UDP', '5831'),
  tagRule('AzureFrontDoor.FirstParty', '*', '*'),
  tagRule('VirtualNetwork', '*', '*'),
];

/** The workspace has a private endpoint of its own only where its public access is disabled. */
function endpointRules({ id, properties }: Resource): Named[] {
  const targets = dependencies.flatMap(([member, subresources]) => {
    const target = nonEmptyText(properties[member]);
    return target === undefined ? [] : subresources.map((one) => endpointRule(target, one));
  });
  return properties['publicNetworkAccess'] === 'Disabled' ? [...targets, endpointRule(id, 'amlworkspace')] : targets;
}

/** Adds the rules that Azure makes by itself for a workspace with a managed network. What exists stays. */
export function addSystemRules(cloud: Cloud, workspace: Resource): void {
  const mode = isolationModeOf(workspace);
  if (mode === 'Disabled') return;
  const tags = mode === 'AllowOnlyApprovedOutbound' ? tagRules(workspace.location ?? '') : [];
  for (const [name, properties] of [...endpointRules(workspace), ...tags]) {
    const id = `${workspace.id}/outboundRules/${name}`;
    if (cloud.find(id)) continue;
    cloud.save({ id, type: outboundRuleType, name, createdAt: cloud.now(), properties });
  }
}
