import { accessKeys, hasPublicEgress, openResources } from '../../domain/isolationSpec.ts';
import type { AccessKey, IsolationSpec } from '../../domain/isolationSpec.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import { hasManagedNetwork } from '../../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Observation } from '../../domain/proof.ts';
import { absent, checkNames } from '../../domain/proofChecks.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { Readings, RuleSet } from './armReadings.ts';
import { disablePublicAccess } from './remedies.ts';

/** Resources with network rules, and where ARM has them. */
const ruleSets = {
  storageAccount: 'networkAcls',
  vault: 'networkAcls',
  registry: 'networkRuleSet',
} as const satisfies Partial<Record<AccessKey, string>>;

function accessRow(ref: EnvironmentRef, key: AccessKey, readings: Readings, mayBeOpen: boolean): Observation {
  const { title, id } = plannedResource(ref, key);
  const model = readings.access[key];
  const observed = model ? (model.publicNetworkAccess ?? 'not set, which means Enabled') : absent;
  const passed = /^disabled$/i.test(observed) || (mayBeOpen && model !== undefined);
  return {
    check: checkNames.publicAccess(title),
    expected: mayBeOpen ? 'Enabled, as the spec requests, or Disabled' : 'Disabled',
    observed,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy: disablePublicAccess(id) }),
  };
}

/** The text that identifies a rule: its address, or the id of a subnet. */
const ruleText = (rule: object): string =>
  Object.values(rule).find((value) => typeof value === 'string' && /[\d/]/.test(value)) ?? JSON.stringify(rule);

/** With an open resource the rules are not asked for: a stricter one is as good. */
function rulesRow(
  ref: EnvironmentRef,
  key: keyof typeof ruleSets,
  readings: Readings,
  mayBeOpen: boolean,
): Observation {
  const { title, id } = plannedResource(ref, key);
  const model = readings.access[key];
  const set: RuleSet = model?.networkAcls ?? model?.networkRuleSet ?? {};
  const rules = [...(set.ipRules ?? []), ...(set.virtualNetworkRules ?? [])].map(ruleText);
  const isClosed = /^deny$/i.test(set.defaultAction ?? '') && rules.length === 0;
  const passed = isClosed || (mayBeOpen && model !== undefined);
  const member = `properties.${ruleSets[key]}`;
  const lists = key === 'registry' ? ['ipRules'] : ['ipRules', 'virtualNetworkRules'];
  const emptied = lists.map((list) => `${member}.${list}=[]`).join(' ');
  return {
    check: checkNames.networkRules(title),
    expected: mayBeOpen
      ? 'default action Allow, as the spec requests, or stricter'
      : 'default action Deny, no allowed addresses or subnets',
    observed: model
      ? `default action ${set.defaultAction ?? 'not set'}, ${rules.length === 0 ? 'no rules' : `rules for ${rules.join(', ')}`}`
      : absent,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy: `az resource update --ids ${id} --set ${member}.defaultAction=Deny ${emptied}` }),
  };
}

const isOpen = (flag = 'Enabled'): boolean => !/^disabled$/i.test(flag);

/**
 * Whether the deployments reach the Internet. Azure fixes the flag when they are created. One that is stricter than the spec breaks no
 * isolation, and is not what the spec requests.
 */
function egressRow(ref: EnvironmentRef, { deployments }: Readings, publicEgress: boolean): Observation {
  const flags = deployments.map(
    ({ name = '', properties }) =>
      [name, 'egressPublicNetworkAccess' in properties ? properties.egressPublicNetworkAccess : undefined] as const,
  );
  const others = flags.filter(([, flag]) => isOpen(flag) !== publicEgress);
  const passed = flags.length > 0 && others.length === 0;
  const verdict = passed ? 'passed' : others.length > 0 && !publicEgress ? 'failed' : 'inconclusive';
  return {
    check: checkNames.egress,
    expected: publicEgress
      ? 'egressPublicNetworkAccess Enabled of each, as the spec requests'
      : 'egressPublicNetworkAccess Disabled of each',
    observed: flags.map(([name, flag = 'not set']) => `${name}: ${flag}`).join(', ') || 'no deployment',
    verdict,
    ...(verdict === 'failed' && {
      remedy: `DELETE the environment ${ref.name}, then POST it again: Azure fixes the flag when a deployment is created`,
    }),
  };
}

/** What opens a resource to the public network, from the resources themselves. With a managed network, egress is about its rules. */
export function accessRows(ref: EnvironmentRef, readings: Readings, spec: IsolationSpec): Observation[] {
  const open = openResources(spec);
  // behind a closed public access, the firewall rules of a brought resource are its owner's
  const ruled = (Object.keys(ruleSets) as (keyof typeof ruleSets)[]).filter((key) => !isBrought(ref, { key }));
  return [
    ...accessKeys.map((key) => accessRow(ref, key, readings, open[key])),
    ...ruled.map((key) => rulesRow(ref, key, readings, open[key])),
    ...(hasManagedNetwork(spec) ? [] : [egressRow(ref, readings, hasPublicEgress(spec))]),
  ];
}
