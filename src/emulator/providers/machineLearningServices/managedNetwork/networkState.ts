import { asObject, textOf } from '../../../http/call.ts';
import { guidOf } from '../../../http/signIn.ts';
import { parentIdOf } from '../../../arm/ids.ts';
import type { Cloud, Instant, JsonObject, Operation, Resource } from '../../../arm/model.ts';
import { workspaceType } from '../typeNames.ts';

export const outboundRuleType = `${workspaceType}/outboundRules`;

/** The action that provisions the network, as its operation names it. */
export const provisioning = 'provisionManagedNetwork';

/** `Disabled`: the workspace has no managed network. */
export const isolationModeOf = ({ properties }: Pick<Resource, 'properties'>): string =>
  textOf(asObject(properties['managedNetwork'])['isolationMode']) || 'Disabled';

/** Since when the network is ready; undefined until it has been provisioned. */
export function activeSince({ secrets }: Resource): Instant | undefined {
  const since = secrets?.['networkActiveSince'];
  return typeof since === 'number' ? since : undefined;
}

/** The workspace of a rule. */
export const workspaceOfRule = (cloud: Cloud, rule: Resource): Resource | undefined => cloud.find(parentIdOf(rule.id));

/** All rules of a network, those of Azure among them. */
export const rulesOf = (cloud: Cloud, workspace: Pick<Resource, 'id'>): Resource[] =>
  cloud.descendants(workspace.id, outboundRuleType);

/** What is changing the network now: its provisioning, or one of its rules. */
export function networkOperation(cloud: Cloud, workspace: Resource): Operation | undefined {
  const own = cloud.runningOn(workspace.id);
  if (own?.action === provisioning) return own;
  return rulesOf(cloud, workspace)
    .map((rule) => cloud.running(rule))
    .find((operation) => operation !== undefined);
}

/** Inactive, Provisioning, Active, Deleting or Failed. */
function statusOf(cloud: Cloud, rule: Resource, active: boolean): string {
  const running = cloud.running(rule);
  if (running) return running.kind === 'delete' ? 'Deleting' : active ? 'Provisioning' : 'Inactive';
  return textOf(rule.properties['status']) || 'Inactive';
}

/** The members of a rule as Azure answers them. */
export function shownRule(cloud: Cloud, rule: Resource): JsonObject {
  const workspace = workspaceOfRule(cloud, rule);
  const status = statusOf(cloud, rule, workspace !== undefined && activeSince(workspace) !== undefined);
  return { ...rule.properties, status };
}

export const isActive = (cloud: Cloud, rule: Resource): boolean => shownRule(cloud, rule)['status'] === 'Active';

const isFqdn = ({ properties }: Resource): boolean => properties['type'] === 'FQDN';

/** Whether the network has a firewall, which its first rule about a name makes. */
export const hasFirewall = (cloud: Cloud, workspace: Resource): boolean =>
  rulesOf(cloud, workspace).some((rule) => isFqdn(rule) && isActive(cloud, rule));

/** Whether a rule that is not active yet needs a firewall that does not exist. */
export const needsFirewall = (cloud: Cloud, workspace: Resource): boolean =>
  rulesOf(cloud, workspace).some(isFqdn) && !hasFirewall(cloud, workspace);

/** An address of the firewall, always the same for the same workspace. */
const firewallAddress = (id: string): string =>
  `20.61.${guidOf(id)
    .slice(0, 4)
    .match(/../g)!
    .map((byte) => Number.parseInt(byte, 16))
    .join('.')}`;

/** `properties.managedNetwork` of a workspace as Azure answers it. */
export function shownNetwork(cloud: Cloud, workspace: Resource): JsonObject {
  const stored = asObject(workspace.properties['managedNetwork']);
  if (isolationModeOf(workspace) === 'Disabled') return stored;
  const status = activeSince(workspace) === undefined ? 'Inactive' : 'Active';
  return {
    ...stored,
    networkId: guidOf(`network ${workspace.id.toLowerCase()} ${workspace.createdAt}`),
    ...(hasFirewall(cloud, workspace) ? { firewallPublicIpAddress: firewallAddress(workspace.id) } : {}),
    status: { status, sparkReady: false },
    outboundRules: Object.fromEntries(rulesOf(cloud, workspace).map((rule) => [rule.name, shownRule(cloud, rule)])),
  };
}
