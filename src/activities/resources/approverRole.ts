import type { Azure } from '../../azure/connectAzure.ts';
import { groupId } from '../../domain/naming.ts';
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

/** The same for the same environment and identity, so that a request can be repeated, and the assignment found. */
const assignmentName = (ref: EnvironmentRef, principalId: string): string =>
  guidOf(principalId, groupId(ref), 'approveConnections');

/**
 * Lets the workspace's identity approve the private endpoints that its managed network has in the environment's group. It takes effect within
 * minutes; a rule that comes before that is tried again.
 */
export async function grantApprover({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const principalId = await workspacePrincipal(azure, ref);
  if (principalId === undefined) throw retryLater('the identity of the workspace is not visible yet', azure.delayMs(5));
  try {
    await assignmentsIn(azure, ref).create(groupId(ref).slice(1), assignmentName(ref, principalId), {
      principalId,
      // With the type given, Azure does not look up the principal, which may not be visible yet.
      principalType: 'ServicePrincipal',
      roleDefinitionId: roleDefinitionIn(ref.subscriptionId, approver),
    });
  } catch (error) {
    if (azure.errorOf(error).code !== 'RoleAssignmentExists') throw error;
  }
}

/** The id of that assignment; none where it does not exist. */
export async function approverAssignments(azure: Azure, ref: EnvironmentRef): Promise<string[]> {
  const principalId = await workspacePrincipal(azure, ref);
  if (principalId === undefined) return [];
  const name = assignmentName(ref, principalId);
  const found = await ignoreNotFound(azure, assignmentsIn(azure, ref).get(groupId(ref).slice(1), name));
  return found?.id === undefined ? [] : [found.id];
}
