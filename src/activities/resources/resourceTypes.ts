import { parseResourceId } from '../../domain/naming.ts';
import { buildInternetRule, plannedResources } from '../../domain/resources.ts';
import { deployment } from './types/deployment.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import { identity } from './types/managedIdentity.ts';
import { actionGroup, applicationInsights, logAnalytics, smartDetectorAlertRule } from './types/applicationInsights.ts';
import { runCommand } from './types/runCommand.ts';
import { natGateway, publicIPAddress } from './types/natGateway.ts';
import { networkSecurityGroup, securityRule } from './types/networkSecurityGroup.ts';
import type { ResourceType } from './resourceType.ts';
import { onlineEndpoint } from './types/onlineEndpoint.ts';
import { privateDnsZone, privateDnsZoneGroup, virtualNetworkLink } from './types/privateDnsZone.ts';
import { privateEndpoint } from './types/privateEndpoint.ts';
import { registry } from './types/containerRegistry.ts';
import { storageAccount } from './types/storageAccount.ts';
import { vault } from './types/keyVault.ts';
import { disk, networkInterface, virtualMachine } from './types/virtualMachine.ts';
import { virtualNetwork } from './types/virtualNetwork.ts';
import { workspace } from './types/mlWorkspace.ts';

/** Every ARM resource type that Moat makes or removes by name. */
const all: readonly ResourceType[] = [
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

const byType = new Map(all.map((one) => [one.type.toLowerCase(), one]));

/** The noun of a resource. Throws `Blocked` (final) for a type that Moat neither makes nor removes. */
export function resourceTypeOf(id: string): ResourceType {
  const type = parseResourceId(id)?.type ?? 'unknown';
  const found = byType.get(type.toLowerCase());
  if (!found)
    throw nonRetryable('Blocked', `${id} is of a type that Moat does not handle: ${type}`, `az resource delete --ids ${id}`);
  return found;
}

const anySite = { subscriptionId: '', name: 'any', location: '', suffix: 'any' };
const titles: Record<string, string> = Object.fromEntries(
  [...plannedResources(anySite), buildInternetRule(anySite)].map(({ type, title }) => [type.toLowerCase(), title]),
);

/** A resource for people: `virtual network vnet-k3x9a0q7`. */
export function labelOf(id: string): string {
  const ref = parseResourceId(id);
  if (!ref) return id;
  const title = titles[ref.type.toLowerCase()] ?? ref.type;
  return `${title} ${ref.name}`;
}
