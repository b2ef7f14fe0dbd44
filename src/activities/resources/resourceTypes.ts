import { parseResourceId } from '../../domain/naming.ts';
import { rowsOfType } from '../../domain/resources.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import type { ResourceType } from './resourceType.ts';
import { actionGroup } from './types/actionGroup.ts';
import { applicationInsights } from './types/applicationInsights.ts';
import { registry } from './types/containerRegistry.ts';
import { deployment } from './types/deployment.ts';
import { disk } from './types/disk.ts';
import { vault } from './types/keyVault.ts';
import { logAnalytics } from './types/logAnalytics.ts';
import { identity } from './types/managedIdentity.ts';
import { workspace } from './types/mlWorkspace.ts';
import { natGateway } from './types/natGateway.ts';
import { networkInterface } from './types/networkInterface.ts';
import { networkSecurityGroup } from './types/networkSecurityGroup.ts';
import { onlineEndpoint } from './types/onlineEndpoint.ts';
import { privateDnsZone } from './types/privateDnsZone.ts';
import { privateDnsZoneGroup } from './types/privateDnsZoneGroup.ts';
import { privateEndpoint } from './types/privateEndpoint.ts';
import { publicIPAddress } from './types/publicIPAddress.ts';
import { runCommand } from './types/runCommand.ts';
import { securityRule } from './types/securityRule.ts';
import { smartDetectorAlertRule } from './types/smartDetectorAlertRule.ts';
import { storageAccount } from './types/storageAccount.ts';
import { virtualMachine } from './types/virtualMachine.ts';
import { virtualNetwork } from './types/virtualNetwork.ts';
import { virtualNetworkLink } from './types/virtualNetworkLink.ts';

/** Every ARM resource type that Moat creates or deletes by name. */
const resourceTypes: readonly ResourceType[] = [
  networkSecurityGroup,
  securityRule,
  publicIPAddress,
  natGateway,
  virtualNetwork,
  privateDnsZone,
  virtualNetworkLink,
  privateEndpoint,
  privateDnsZoneGroup,
  logAnalytics,
  applicationInsights,
  smartDetectorAlertRule,
  actionGroup,
  storageAccount,
  vault,
  registry,
  identity,
  workspace,
  networkInterface,
  virtualMachine,
  disk,
  runCommand,
  onlineEndpoint,
  deployment,
];

const byType = new Map(resourceTypes.map((one) => [one.type.toLowerCase(), one]));

/** The resource type of an id. Throws `Blocked` (final) for a type that Moat neither creates nor deletes. */
export function resourceTypeOf(id: string): ResourceType {
  const type = parseResourceId(id)?.type ?? 'unknown';
  const found = byType.get(type.toLowerCase());
  if (found) return found;
  throw nonRetryable({
    type: 'Blocked',
    message: `${id} is of a type that Moat does not handle: ${type}`,
    remedy: `az resource delete --ids ${id}`,
  });
}

/** A resource's title and name, for messages: `virtual network vnet-k3x9a0q7`. */
export function labelOf(id: string): string {
  const parsed = parseResourceId(id);
  if (!parsed) return id;
  const title = rowsOfType(parsed.type)[0]?.[1].title ?? parsed.type;
  return `${title} ${parsed.name}`;
}
