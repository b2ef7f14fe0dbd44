import { asObject } from '../../../http/call.ts';
import { operationConflict } from '../../../arm/armErrors.ts';
import { ArmError } from '../../../arm/model.ts';
import type { Cloud, Draft, PutRequest, Resource, ResourceType } from '../../../arm/model.ts';
import { approvalError } from './approval.ts';
import { keepConnection } from './networkConnections.ts';
import {
  activeSince,
  hasFirewall,
  isolationModeOf,
  networkOperation,
  outboundRuleType,
  shownRule,
  workspaceOfRule,
} from './networkState.ts';
import { checkRule } from './ruleForms.ts';

/** @throws ArmError 400 without a managed network, 409 while it changes: rules change one at a time */
function requireIdleNetwork(cloud: Cloud, workspace: Resource): void {
  if (isolationModeOf(workspace) === 'Disabled')
    throw new ArmError(400, 'ValidationError', `Workspace '${workspace.name}' has no managed network.`);
  const operation = networkOperation(cloud, workspace);
  if (operation) throw operationConflict(cloud, workspace, operation);
}

function prepare(cloud: Cloud, { name, parent, body }: PutRequest): Draft {
  if (parent === undefined) throw new ArmError(404, 'ParentResourceNotFound', `The workspace was not found.`);
  requireIdleNetwork(cloud, parent);
  const { status: _, ...asked } = asObject(body['properties']);
  checkRule(cloud, parent, name, asked);
  return { properties: { ...asked, category: 'UserDefined', status: 'Inactive' } };
}

/** The first rule about a name makes a firewall. */
function addFirewallTime(cloud: Cloud, rule: Resource): void {
  const { operation } = rule;
  const workspace = workspaceOfRule(cloud, rule);
  if (!workspace || !operation || operation.endsAt === null || activeSince(workspace) === undefined) return;
  const first = rule.properties['type'] === 'FQDN' && !hasFirewall(cloud, workspace);
  if (first) operation.endsAt += cloud.duration('managedNetwork.firewall');
}

/** Puts a rule into force, or reports in it why it cannot be. */
export function activate(cloud: Cloud, workspace: Resource, rule: Resource): void {
  const error = approvalError(cloud, workspace, rule);
  const { errorInformation: _, ...properties } = rule.properties;
  rule.properties = error
    ? { ...properties, status: 'Failed', errorInformation: { code: error.code ?? '', message: error.message ?? '' } }
    : { ...properties, status: 'Active' };
  cloud.save(rule);
}

function validateDelete(cloud: Cloud, rule: Resource): void {
  const workspace = workspaceOfRule(cloud, rule);
  if (workspace) requireIdleNetwork(cloud, workspace);
  if (rule.properties['category'] !== 'Required') return;
  throw new ArmError(400, 'ValidationError', `Outbound rule '${rule.name}' is required and cannot be deleted.`);
}

/** Rules of a workspace's managed network. Before the network is provisioned they are only recorded. */
export const outboundRule: ResourceType = {
  type: outboundRuleType,
  style: 'workspace',
  duration: { put: 'outboundRule.put', delete: 'outboundRule.delete' },
  proxy: true,
  stateless: true,
  prepare,
  onAccepted: addFirewallTime,
  onCreated: (cloud, rule) => {
    const workspace = workspaceOfRule(cloud, rule);
    if (workspace && activeSince(workspace) !== undefined) activate(cloud, workspace, rule);
  },
  toArm: (cloud, rule) => ({ properties: shownRule(cloud, rule) }),
  validateDelete,
  onDeleted: keepConnection,
};
