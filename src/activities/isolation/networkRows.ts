import type { SecurityRule } from '../../azure/clients.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Observation } from '../../domain/proof.ts';
import { checkNames } from '../../domain/proofChecks.ts';
import { buildInternetRule, plannedResource, resourceName, subnetName } from '../../domain/resources.ts';
import { plannedSecurityRules } from '../resources/types/networkSecurityGroup.ts';
import type { Readings } from './armReadings.ts';

const sameId = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
const sameName = (one: string | undefined, other: string | undefined): boolean =>
  one?.toLowerCase() === other?.toLowerCase();
/** The last segment of a resource's id. */
const nameOf = (id: string | undefined): string => id?.split('/').at(-1) ?? 'none';
const listed = (one: string | undefined, several: readonly string[] | undefined): string =>
  [...(one ? [one] : []), ...(several ?? [])].toSorted().join(',');

/** A rule as one text: what it does, without its id and state. */
const ruleText = (rule: SecurityRule): string =>
  [
    rule.name,
    rule.priority,
    rule.direction,
    rule.access,
    rule.protocol,
    `from ${listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes)}:${listed(rule.sourcePortRange, rule.sourcePortRanges)}`,
    `to ${listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes)}:${listed(rule.destinationPortRange, rule.destinationPortRanges)}`,
  ].join(' ');

const isAmong = (rules: readonly SecurityRule[], rule: SecurityRule): boolean =>
  rules.some((one) => ruleText(one).toLowerCase() === ruleText(rule).toLowerCase());

/** Writes a planned rule over whatever has its name. */
const createRule = (ref: EnvironmentRef, rule: SecurityRule): string => {
  const [, , , , group] = plannedResource(ref, 'networkSecurityGroup').id.split('/');
  return [
    `az network nsg rule create --resource-group ${group} --nsg-name ${resourceName(ref, 'networkSecurityGroup')}`,
    `--name ${rule.name} --priority ${rule.priority} --direction ${rule.direction} --access ${rule.access}`,
    `--protocol '${rule.protocol}' --source-address-prefixes '${rule.sourceAddressPrefix}' --source-port-ranges '*'`,
    `--destination-address-prefixes '${rule.destinationAddressPrefix}' --destination-port-ranges '${rule.destinationPortRange}'`,
  ].join(' ');
};

function rulesRow(ref: EnvironmentRef, { securityGroup }: Readings): Observation {
  const build = resourceName(ref, 'buildInternetRule');
  const planned = plannedSecurityRules(ref.location);
  const actual = (securityGroup?.securityRules ?? []).filter(({ name }) => !sameName(name, build));
  const missing = planned.filter((rule) => !isAmong(actual, rule));
  const further = actual.filter((rule) => !isAmong(planned, rule));
  const added = further.filter(({ name }) => !planned.some((one) => sameName(one.name, name)));
  const passed = securityGroup !== undefined && missing.length === 0 && further.length === 0;
  const differences = [
    ...further.map((rule) => `not planned: ${ruleText(rule)}`),
    ...missing.map((rule) => `planned and not there: ${ruleText(rule)}`),
  ];
  const remedies = [
    ...added.map(({ id }) => `az network nsg rule delete --ids ${id}`),
    ...missing.map((rule) => createRule(ref, rule)),
  ];
  return {
    check: checkNames.securityRules,
    expected: `exactly ${planned.length}: ${planned.map(({ name }) => name).join(', ')}`,
    observed: differences.join('; ') || `the ${actual.length} planned rules`,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy: remedies.join('\n') }),
  };
}

function buildRuleRow(ref: EnvironmentRef, { securityGroup }: Readings): Observation {
  const { id, name } = buildInternetRule(ref);
  const own = name.split('/').at(-1);
  const exists = securityGroup?.securityRules?.some((rule) => sameName(rule.name, own)) ?? false;
  return {
    check: checkNames.buildRule,
    expected: 'does not exist',
    observed: exists ? `rule ${own} still exists` : 'does not exist',
    verdict: exists ? 'failed' : securityGroup ? 'passed' : 'inconclusive',
    ...(exists && { remedy: `az network nsg rule delete --ids ${id}` }),
  };
}

/** The rules work only where they are attached, and what leaves goes through the NAT gateway. */
function subnetRow(ref: EnvironmentRef, { virtualNetwork }: Readings): Observation {
  const group = plannedResource(ref, 'networkSecurityGroup').id;
  const gateway = plannedResource(ref, 'natGateway').id;
  const subnet = virtualNetwork?.subnets?.find(({ name }) => sameName(name, subnetName));
  const passed = sameId(subnet?.networkSecurityGroup?.id, group) && sameId(subnet?.natGateway?.id, gateway);
  const vnet = plannedResource(ref, 'virtualNetwork').id;
  return {
    check: `security group and gateway of the subnet ${subnetName}`,
    expected: `${nameOf(group)}, ${nameOf(gateway)}`,
    observed: subnet
      ? `${nameOf(subnet.networkSecurityGroup?.id)}, ${nameOf(subnet.natGateway?.id)}`
      : 'the subnet does not exist',
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && {
      remedy: `az network vnet subnet update --ids ${vnet}/subnets/${subnetName} --network-security-group ${group} --nat-gateway ${gateway}`,
    }),
  };
}

/** No public address but the NAT gateway's: in the group, and on any of its network interfaces. */
function publicAddressRow(ref: EnvironmentRef, { addresses, interfaces }: Readings): Observation {
  const planned = plannedResource(ref, 'natAddress').id;
  const gateway = plannedResource(ref, 'natGateway').id;
  const attached = interfaces.flatMap(({ id = '', ipConfigurations = [] }) =>
    ipConfigurations
      .filter(({ publicIPAddress }) => publicIPAddress)
      .map(({ publicIPAddress }) => ({ nic: id, address: publicIPAddress?.id ?? '' })),
  );
  const further = addresses.filter(({ id }) => !sameId(id, planned));
  const own = addresses.find(({ id }) => sameId(id, planned));
  const ownIsGateways = sameId(own?.natGateway?.id, gateway);
  const observed = [
    ...attached.map(({ nic, address }) => `${nameOf(address)} on ${nameOf(nic)}`),
    ...further.map(({ id = '' }) => nameOf(id)),
    ...(own ? [`${nameOf(planned)} of ${ownIsGateways ? nameOf(gateway) : 'nothing'}`] : []),
  ];
  const passed = attached.length === 0 && further.length === 0 && ownIsGateways;
  const remedies = [
    ...attached.map(({ nic }) => `az network nic update --ids ${nic} --remove ipConfigurations[0].publicIPAddress`),
    ...further.map(({ id }) => `az network public-ip delete --ids ${id}`),
    ...(ownIsGateways ? [] : [`az network nat gateway update --ids ${gateway} --public-ip-addresses ${planned}`]),
  ];
  return {
    check: checkNames.publicAddresses,
    expected: `only ${nameOf(planned)}, of the NAT gateway`,
    observed: observed.join(', ') || 'none',
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy: remedies.join('\n') }),
  };
}

/** What lets traffic in or out of the virtual network. The rules and addresses of a brought one are its owner's: there are no rows. */
export const networkRows = (ref: EnvironmentRef, readings: Readings): Observation[] =>
  isBrought(ref, { key: 'virtualNetwork' })
    ? []
    : [rulesRow(ref, readings), buildRuleRow(ref, readings), subnetRow(ref, readings), publicAddressRow(ref, readings)];
