import { armRuleOf, ruleDifferences } from '../../../domain/managedNetwork.ts';
import type { ArmRule } from '../../../domain/managedNetwork.ts';
import type { OutboundRule } from '../../../domain/environment.ts';
import type { ManagedNetwork } from './networkModel.ts';

/** The next request to a managed network. Rules change one at a time, so that each request follows from what ARM shows after the one before. */
export type NetworkChange =
  | { kind: 'putRule'; name: string; rule: ArmRule }
  | { kind: 'deleteRule'; name: string }
  | { kind: 'provision' }
  /** Azure is changing a rule */
  | { kind: 'wait'; name: string; status: string }
  /** Azure could not put these rules into force */
  | { kind: 'failed'; rules: [name: string, rule: ArmRule][] }
  | { kind: 'none' };

const hasStatus = (rule: ArmRule, status: RegExp): boolean => status.test(rule.status ?? '');

/** A failed rule of a user is sent again; one of Azure's is provisioned again. */
function repairOf([name, rule]: [string, ArmRule]): NetworkChange {
  const { status: _, errorInformation: __, ...sent } = rule;
  return rule.category?.toLowerCase() === 'userdefined' ? { kind: 'putRule', name, rule: sent } : { kind: 'provision' };
}

/**
 * What the network still needs to have exactly the wanted rules, all in force. Before it is provisioned, rules are only recorded, and all of them
 * come into force together. `repair`: failed rules are tried again.
 */
export function nextChange(
  { isActive, rules }: ManagedNetwork,
  wanted: readonly OutboundRule[],
  { repair }: { repair: boolean },
): NetworkChange {
  const all = Object.entries(rules);
  const busy = all.find(([, rule]) => hasStatus(rule, /^(provisioning|deleting)$/i));
  if (busy) return { kind: 'wait', name: busy[0], status: busy[1].status! };
  const { missing, changed, unexpected } = ruleDifferences(rules, wanted);
  const [unwanted] = unexpected;
  if (unwanted !== undefined) return { kind: 'deleteRule', name: unwanted };
  const [next] = [...missing, ...changed];
  if (next) return { kind: 'putRule', name: next.name, rule: armRuleOf(next) };
  if (!isActive) return { kind: 'provision' };
  const failed = all.filter(([, rule]) => hasStatus(rule, /^failed$/i));
  if (failed.length > 0) return repair ? repairOf(failed[0]!) : { kind: 'failed', rules: failed };
  return all.every(([, rule]) => hasStatus(rule, /^active$/i)) ? { kind: 'none' } : { kind: 'provision' };
}
