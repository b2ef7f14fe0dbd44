import type { OutboundRule, Spec } from './spec.ts';

/** The members of a spec that decide about the workspace's managed virtual network. */
export type NetworkSpec = Partial<
  Pick<Spec, 'isolation' | 'egressPublicNetworkAccess' | 'workspacePublicNetworkAccess' | 'outboundRules'>
>;

/** What a managed virtual network lets out, besides private endpoints (Azure docs: managed virtual network). */
export type IsolationMode = 'AllowOnlyApprovedOutbound' | 'AllowInternetOutbound';

export const hasManagedNetwork = ({ isolation }: NetworkSpec): boolean => isolation === 'managedNetwork';

/** From the least to the most strict. A network that lets out less never lets out more again. */
const isolationModes = ['disabled', 'allowinternetoutbound', 'allowonlyapprovedoutbound'];

/** How strict a mode is, in ARM's spelling; a workspace without a managed network has none. */
export const strictnessOf = (mode: unknown): number => Math.max(0, isolationModes.indexOf(String(mode).toLowerCase()));

export const isolationModeOf = ({ egressPublicNetworkAccess }: NetworkSpec): IsolationMode =>
  egressPublicNetworkAccess === 'enabled' ? 'AllowInternetOutbound' : 'AllowOnlyApprovedOutbound';

/** The first rule about a host name makes Azure create a firewall, which is billed by the hour. */
export const needsFirewall = ({ outboundRules = [] }: NetworkSpec): boolean =>
  outboundRules.some(({ type }) => type === 'fqdn');

export const managedNetworkType = 'Microsoft.MachineLearningServices/workspaces/managedNetworks';

/** The id of a workspace's managed network (published types: workspaces/managedNetworks). */
export const managedNetworkId = (workspaceId: string): string => `${workspaceId}/managedNetworks/default`;

/** The task of a run that provisions the network, as the table of usual durations names it. */
export const networkTask = (spec: NetworkSpec): string =>
  needsFirewall(spec) ? 'ensure:managedNetwork:firewall' : 'ensure:managedNetwork';

/** A rule as ARM has it. Rules of the category `Required` are Azure's own. */
export interface ArmRule {
  type: string;
  category?: string;
  destination?: string | Record<string, unknown>;
  /** Inactive, Provisioning, Active, Deleting or Failed */
  status?: string;
  errorInformation?: unknown;
}

function destinationOf(rule: OutboundRule): string | Record<string, unknown> {
  if (rule.type === 'fqdn') return rule.destination;
  if (rule.type === 'privateEndpoint')
    return { serviceResourceId: rule.resourceId, subresourceTarget: rule.subresource, sparkEnabled: false };
  const { serviceTag, protocol, portRanges } = rule;
  return { serviceTag, protocol, portRanges, action: 'Allow' };
}

const armTypes = { fqdn: 'FQDN', serviceTag: 'ServiceTag', privateEndpoint: 'PrivateEndpoint' } as const;

/** A rule of the spec in ARM's form. */
export const armRuleOf = (rule: OutboundRule): ArmRule => ({
  type: armTypes[rule.type],
  category: 'UserDefined',
  destination: destinationOf(rule),
});

const isUsers = ({ category }: ArmRule): boolean => category?.toLowerCase() === 'userdefined';

/** Azure writes `80, 443` for `80,443`, and ids in another case. */
const fold = (value: unknown): string => String(value).replaceAll(' ', '').toLowerCase();

/** Whether an existing rule leads where the wanted one leads. */
function isSameRule(actual: ArmRule, wanted: ArmRule): boolean {
  if (fold(actual.type) !== fold(wanted.type)) return false;
  if (typeof wanted.destination !== 'object') return fold(actual.destination) === fold(wanted.destination);
  const given = (actual.destination ?? {}) as Record<string, unknown>;
  return Object.entries(wanted.destination).every(
    ([name, value]) => fold(given[name] ?? defaults[name]) === fold(value),
  );
}

/** Members that Azure may leave out. */
const defaults: Record<string, unknown> = { sparkEnabled: false, action: 'Allow' };

/** How the rules of a network differ from those of the spec, by name. Azure's own rules are no difference. */
export function ruleDifferences(
  actual: Readonly<Record<string, ArmRule>>,
  wanted: readonly OutboundRule[],
): { missing: OutboundRule[]; changed: OutboundRule[]; unexpected: string[] } {
  const missing = wanted.filter(({ name }) => actual[name] === undefined);
  const changed = wanted.filter((rule) => {
    const found = actual[rule.name];
    return found !== undefined && !isSameRule(found, armRuleOf(rule));
  });
  const names = new Set(wanted.map(({ name }) => name));
  const unexpected = Object.entries(actual)
    .filter(([name, rule]) => isUsers(rule) && !names.has(name))
    .map(([name]) => name);
  return { missing, changed, unexpected };
}
