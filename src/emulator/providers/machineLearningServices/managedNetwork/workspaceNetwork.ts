import { asObject, textOf } from '../../../http/call.ts';
import { notEmulated, operationConflict } from '../../../arm/armErrors.ts';
import { ArmError } from '../../../arm/model.ts';
import type { Cloud, JsonObject, PutRequest, Resource } from '../../../arm/model.ts';
import { isActive, isolationModeOf, networkOperation, outboundRuleType, rulesOf } from './networkState.ts';
import { checkRule } from './ruleForms.ts';
import { addSystemRules } from './systemRules.ts';

/** Isolation modes from the least to the most strict; there is no way back. */
const modes = ['Disabled', 'AllowInternetOutbound', 'AllowOnlyApprovedOutbound'];

/** What a PUT or PATCH of a workspace makes of `properties.managedNetwork`: its stored members, without rules. */
export function networkDraft({ name, body, existing }: PutRequest): JsonObject {
  const properties = asObject(body['properties']);
  if (properties['provisionNetworkNow'] === true) throw notEmulated('PUT', 'with properties.provisionNetworkNow');
  const before = asObject(existing?.properties['managedNetwork']);
  const { outboundRules: _rules, status: _status, ...asked } = asObject(properties['managedNetwork']);
  const from = textOf(before['isolationMode']) || 'Disabled';
  const isolationMode = textOf(asked['isolationMode']) || from;
  if (modes.indexOf(isolationMode) < modes.indexOf(from))
    throw new ArmError(
      400,
      'ValidationError',
      `The isolation mode of the managed network of workspace '${name}' cannot be changed from ${from} to ${isolationMode}.`,
    );
  const firewallSku = isolationMode === 'AllowOnlyApprovedOutbound' ? { firewallSku: 'Standard' } : {};
  return { ...firewallSku, ...before, ...asked, isolationMode };
}

/** The rules of a PUT or PATCH; undefined where the body has none, and the rules stay as they are. */
const rulesIn = (body: JsonObject): JsonObject | undefined => {
  const given = asObject(asObject(body['properties'])['managedNetwork'])['outboundRules'];
  return given === undefined ? undefined : asObject(given);
};

/** The user's own rules of a body. System rules in it are ignored: a client may send back what it has read. */
const ownRulesIn = (body: JsonObject): [string, JsonObject][] =>
  Object.entries(rulesIn(body) ?? {})
    .filter(([name]) => !name.startsWith('__SYS_'))
    .map(([name, rule]) => [name, asObject(rule)]);

/** @throws ArmError 400 for a rule of the body that the workspace cannot have */
export function checkNetwork(cloud: Cloud, workspace: Pick<Resource, 'id' | 'properties'>, body: JsonObject): void {
  for (const [name, rule] of ownRulesIn(body)) checkRule(cloud, workspace, name, rule);
}

/** Adds the system rules, and replaces the user's own rules by those of the body. */
export function writeNetwork(cloud: Cloud, workspace: Resource, body: JsonObject): void {
  if (isolationModeOf(workspace) === 'Disabled') return;
  addSystemRules(cloud, workspace);
  const asked = rulesIn(body);
  if (asked === undefined) return;
  for (const rule of rulesOf(cloud, workspace))
    if (rule.properties['category'] === 'UserDefined' && !Object.hasOwn(asked, rule.name)) cloud.remove(rule.id);
  for (const [name, rule] of ownRulesIn(body)) {
    const id = `${workspace.id}/outboundRules/${name}`;
    const known = cloud.find(id);
    if (known && isActive(cloud, known)) continue;
    const { status: _, ...properties } = rule;
    const stored = { ...properties, category: 'UserDefined', status: 'Inactive' };
    cloud.save({ id, type: outboundRuleType, name, createdAt: cloud.now(), properties: stored });
  }
}

/** @throws ArmError 409 while the network of a workspace is being provisioned or changed */
export function requireNetworkIdle(cloud: Cloud, workspace: Resource): void {
  const running = networkOperation(cloud, workspace);
  if (running) throw operationConflict(cloud, workspace, running);
}
