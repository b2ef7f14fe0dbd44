import type { OutboundRule } from './spec.ts';
import { hasManagedNetwork, isolationModeOf } from './managedNetwork.ts';
import type { NetworkSpec } from './managedNetwork.ts';

const portsOf = (portRanges: string): number[][] => portRanges.split(',').map((range) => range.split('-').map(Number));

const isPortRange = ([from = 0, to = from]: number[]): boolean => from >= 1 && from <= to && to <= 65_535;

/** Where a rule leads; two rules with the same one are refused. */
const destinationOf = (rule: OutboundRule): string => {
  if (rule.type === 'fqdn') return rule.destination.toLowerCase();
  if (rule.type === 'privateEndpoint') return `${rule.resourceId} ${rule.subresource}`.toLowerCase();
  return `${rule.serviceTag} ${rule.protocol} ${rule.portRanges}`.toLowerCase();
};

function errorsOf(rule: OutboundRule, isOpen: boolean): string[] {
  const { type } = rule;
  if (type !== 'privateEndpoint' && isOpen)
    return [
      'needs approved outbound only: with "egressPublicNetworkAccess": "enabled" the network lets out everything',
    ];
  if (type === 'fqdn' && /\.core\.windows\.net$/i.test(rule.destination))
    return ['does not apply to Azure Storage: use the type privateEndpoint, or serviceTag with Storage'];
  if (type === 'serviceTag' && !portsOf(rule.portRanges).every(isPortRange))
    return [`has port ranges ${rule.portRanges}, must be of 1 to 65535, from the lower to the higher one`];
  return [];
}

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

/** What Azure would refuse of the outbound rules of a spec, beyond the schema. `own`: what Azure makes rules for by itself. */
export function outboundRuleErrors(spec: NetworkSpec, own: readonly string[]): string[] {
  const { outboundRules = [] } = spec;
  if (!hasManagedNetwork(spec)) return [];
  const isOpen = isolationModeOf(spec) === 'AllowInternetOutbound';
  const destinations = outboundRules.map(destinationOf);
  return [
    ...repeated(outboundRules.map(({ name }) => name.toLowerCase())).map(
      (name) => `two outbound rules have the name ${name}`,
    ),
    ...repeated(destinations).map((destination) => `two outbound rules have the destination ${destination}`),
    ...destinations
      .filter((destination) => own.includes(destination))
      .map((destination) => `an outbound rule has the destination ${destination}, which Azure adds by itself`),
    ...outboundRules.flatMap((rule) => errorsOf(rule, isOpen).map((error) => `outbound rule ${rule.name} ${error}`)),
  ];
}
