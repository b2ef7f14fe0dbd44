import type { Azure } from '../../azure/connectAzure.ts';
import type { OutboundRule } from '../../domain/environment.ts';
import { groupId, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { roleDefinitionIn } from '../../domain/roleDefinitions.ts';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { guidOf } from './guid.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { getWorkspace } from './types/mlWorkspace.ts';

/** Azure's built-in role Azure AI Enterprise Network Connection Approver. */
const approver = 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea';

const assignmentsIn = (azure: Azure, ref: EnvironmentRef) =>
  azure.clients(ref.subscriptionId).authorization.roleAssignments;

async function workspacePrincipal(azure: Azure, ref: EnvironmentRef): Promise<string | undefined> {
  const { id } = plannedResource(ref, 'workspace');
  return (await ignoreNotFound(azure, getWorkspace({ generic: azure.generic, id })))?.identity.principalId;
}

/** The same for the same identity and scope, so that a request can be repeated, and the assignment found. */
const assignmentName = (principalId: string, scope: string): string => guidOf(principalId, scope, 'approveConnections');

async function assign(azure: Azure, ref: EnvironmentRef, principalId: string, scope: string): Promise<void> {
  try {
    await assignmentsIn(azure, ref).create(scope.slice(1), assignmentName(principalId, scope), {
      principalId,
      // With the type given, Azure does not look up the principal, which may not be visible yet.
      principalType: 'ServicePrincipal',
      roleDefinitionId: roleDefinitionIn(ref.subscriptionId, approver),
    });
  } catch (error) {
    if (azure.errorOf(error).code !== 'RoleAssignmentExists') throw error;
  }
}

export interface GrantApproverInput {
  ref: EnvironmentRef;
  /** of the spec */
  outboundRules?: OutboundRule[];
}

/** The targets of rules that lie outside of the environment's group. */
const furtherTargets = ({ ref, outboundRules = [] }: GrantApproverInput): string[] => [
  ...new Set(
    outboundRules.flatMap((rule) =>
      rule.type === 'privateEndpoint' && !isWithin(rule.resourceId, groupId(ref)) ? [rule.resourceId] : [],
    ),
  ),
];

/**
 * Lets the workspace's identity approve the private endpoints of its managed network: in the environment's group, and at each further target of
 * a rule. It takes effect within minutes; a rule that comes before that is tried again. At a target where the caller may assign no role, its owner
 * does: the failure of the rule has the command.
 */
export async function grantApprover({ azure }: ActivityDeps, input: GrantApproverInput): Promise<void> {
  const { ref } = input;
  const principalId = await workspacePrincipal(azure, ref);
  if (principalId === undefined) throw retryLater('the identity of the workspace is not visible yet', azure.delayMs(5));
  await assign(azure, ref, principalId, groupId(ref));
  for (const target of furtherTargets(input))
    await assign(azure, ref, principalId, target).catch((error: unknown) => {
      if (azure.errorOf(error).code !== 'AuthorizationFailed') throw error;
    });
}

/** The ids of these assignments, wherever they are; those that somebody else made are not among them. */
export async function approverAssignments(azure: Azure, ref: EnvironmentRef): Promise<string[]> {
  const principalId = await workspacePrincipal(azure, ref);
  if (principalId === undefined) return [];
  const found: string[] = [];
  const filter = `principalId eq '${principalId}'`;
  for await (const { id, name, scope = '' } of assignmentsIn(azure, ref).listForSubscription({ filter }))
    if (id && name === assignmentName(principalId, scope)) found.push(id);
  return found;
}
