import { parseResourceId } from '../domain/naming.ts';
import { buildInternetRule, plannedResources } from '../domain/resources.ts';
import { deployment } from './deployment.ts';
import { refused } from './failure.ts';
import { identity } from './identity.ts';
import { actionGroup, applicationInsights, logAnalytics, smartDetectorAlertRule } from './insights.ts';
import { jumpboxCommand } from './jumpboxCommand.ts';
import { natGateway, publicIPAddress } from './natGateway.ts';
import { networkSecurityGroup, securityRule } from './networkSecurityGroup.ts';
import type { Noun } from './noun.ts';
import { onlineEndpoint } from './onlineEndpoint.ts';
import { privateDnsZone, privateDnsZoneGroup, virtualNetworkLink } from './privateDns.ts';
import { privateEndpoint } from './privateEndpoint.ts';
import { registry } from './registry.ts';
import { storageAccount } from './storageAccount.ts';
import { vault } from './vault.ts';
import { disk, networkInterface, virtualMachine } from './virtualMachine.ts';
import { virtualNetwork } from './virtualNetwork.ts';
import { workspace } from './workspace.ts';

/** Every ARM resource type that Moat makes or removes by name. */
const all: readonly Noun[] = [
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
  jumpboxCommand,
  onlineEndpoint,
  deployment,
];

const byType = new Map(all.map((one) => [one.type.toLowerCase(), one]));

/** The noun of a resource. Throws `Blocked` (final) for a type that Moat neither makes nor removes. */
export function nounOf(id: string): Noun {
  const type = parseResourceId(id)?.type ?? 'unknown';
  const found = byType.get(type.toLowerCase());
  if (!found)
    throw refused('Blocked', `${id} is of a type that Moat does not handle: ${type}`, `az resource delete --ids ${id}`);
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
