import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Observation } from '../../domain/proof.ts';
import { absent, checkNames } from '../../domain/proofChecks.ts';
import { plannedResource } from '../../domain/resources.ts';
import { accessKeys } from './armReadings.ts';
import type { AccessKey, Readings, RuleSet } from './armReadings.ts';
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

function rulesRow(ref: EnvironmentRef, key: keyof typeof ruleSets, readings: Readings): Observation {
  const { title, id } = plannedResource(ref, key);
  const model = readings.access[key];
  const set: RuleSet = model?.networkAcls ?? model?.networkRuleSet ?? {};
  const rules = [...(set.ipRules ?? []), ...(set.virtualNetworkRules ?? [])].map(ruleText);
  const passed = /^deny$/i.test(set.defaultAction ?? '') && rules.length === 0;
  const member = `properties.${ruleSets[key]}`;
  const lists = key === 'registry' ? ['ipRules'] : ['ipRules', 'virtualNetworkRules'];
  const emptied = lists.map((list) => `${member}.${list}=[]`).join(' ');
  return {
    check: checkNames.networkRules(title),
    expected: 'default action Deny, no allowed addresses or subnets',
    observed: model
      ? `default action ${set.defaultAction ?? 'not set'}, ${rules.length === 0 ? 'no rules' : `rules for ${rules.join(', ')}`}`
      : absent,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy: `az resource update --ids ${id} --set ${member}.defaultAction=Deny ${emptied}` }),
  };
}

/** The deployment cannot reach the Internet. Azure fixes the flag when it is created. */
function egressRow(ref: EnvironmentRef, { deployments }: Readings): Observation {
  const flags = deployments.map(
    ({ name = '', properties }) =>
      [name, 'egressPublicNetworkAccess' in properties ? properties.egressPublicNetworkAccess : undefined] as const,
  );
  const open = flags.filter(([, flag]) => !/^disabled$/i.test(flag ?? 'Enabled'));
  const passed = flags.length > 0 && open.length === 0;
  const verdict = passed ? 'passed' : open.length > 0 ? 'failed' : 'inconclusive';
  return {
    check: checkNames.egress,
    expected: 'egressPublicNetworkAccess Disabled of each',
    observed: flags.map(([name, flag = 'not set']) => `${name}: ${flag}`).join(', ') || 'no deployment',
    verdict,
    ...(verdict === 'failed' && {
      remedy: `DELETE the environment ${ref.name}, then POST it again: Azure fixes the flag when a deployment is created`,
    }),
  };
}

/** What opens a resource to the public network, from the resources themselves. */
export const accessRows = (
  ref: EnvironmentRef,
  readings: Readings,
  workspaceMayBeOpen: boolean,
  hasNetwork: boolean,
): Observation[] => [
  ...accessKeys.map((key) => accessRow(ref, key, readings, key === 'workspace' && workspaceMayBeOpen)),
  ...(Object.keys(ruleSets) as (keyof typeof ruleSets)[]).map((key) => rulesRow(ref, key, readings)),
  ...(hasNetwork ? [] : [egressRow(ref, readings)]),
];
