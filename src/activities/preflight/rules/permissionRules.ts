import type { Spec } from '../../../domain/environment.ts';
import { hasManagedNetwork } from '../../../domain/managedNetwork.ts';
import type { NetworkSpec } from '../../../domain/managedNetwork.ts';
import { permits } from '../../../domain/roleDefinitions.ts';
import type { Permission } from '../../../domain/roleDefinitions.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation, Rule } from '../rule.ts';

interface NeededPermission {
  rule: string;
  action: string;
  /** built-in role that has it */
  role: string;
  severity?: 'blocks' | 'warns';
  /** what makes it unnecessary */
  alternative?: string;
}

/** Permissions that every run needs; role assignments need more than Contributor. */
const needed: readonly NeededPermission[] = [
  { rule: 'PF-01', action: 'Microsoft.Resources/subscriptions/resourceGroups/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.Network/virtualNetworks/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.MachineLearningServices/workspaces/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.Compute/virtualMachines/runCommands/write', role: 'Contributor' },
  { rule: 'PF-25', action: 'Microsoft.Authorization/roleAssignments/write', role: 'User Access Administrator' },
  // Without it a run succeeds, but after a teardown the vault's name stays reserved for a week. Key Vault Contributor has it
  // among its notActions (Azure docs: built-in roles, security).
  {
    rule: 'DEL-4',
    action: 'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    role: 'Key Vault Purge Operator',
    severity: 'warns',
  },
];

/** For Moat's own key reader. Role Based Access Control Administrator can assign roles, but not define them (Azure docs: built-in roles). */
const toDefineRoles: NeededPermission = {
  rule: 'PF-25',
  action: 'Microsoft.Authorization/roleDefinitions/write',
  role: 'User Access Administrator',
  alternative:
    'POST with "jumpbox.keyReaderRoleDefinitionId", the id of an existing role that lists the keys of online endpoints',
};

/** Of the caller who provisions a managed virtual network (Azure docs: troubleshoot managed virtual network). */
const toConnect: readonly NeededPermission[] = ['read', 'write'].map((verb) => ({
  rule: 'PF-01',
  action: `Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/${verb}`,
  role: 'Contributor',
}));

/** The permissions that a run of a spec needs. One that names the role of the jumpbox defines none. */
const neededPermissions = (spec: Pick<Spec, 'jumpbox'> & NetworkSpec): NeededPermission[] => [
  ...needed,
  ...(hasManagedNetwork(spec) ? toConnect : []),
  ...(spec.jumpbox.keyReaderRoleDefinitionId === undefined ? [toDefineRoles] : []),
];

/** One needed permission against what the caller has: missing, or granted only by assignments with a condition. */
function permissionFindings(
  { action, role, severity = 'blocks', alternative }: NeededPermission,
  permissions: readonly Permission[],
  scope: string,
): Observation[] {
  const granted = permissions.filter((one) => permits(one, action));
  if (granted.some(({ condition }) => !condition)) return [];
  const command = `az role assignment create --assignee <principal> --role "${role}" --scope ${scope}`;
  const remedy = alternative === undefined ? command : `${command}; or ${alternative}`;
  const [conditional] = granted;
  if (!conditional) return [observation(severity, `missing permission: ${action}`, remedy)];
  return [
    observation('warns', `permission ${action} has a condition (${conditional.condition}) that may refuse it`, remedy),
  ];
}

/** A rule about the needed permissions that have its id. */
const permissionRule = (id: string, title: string, severities: Rule['severities'], source: string): Rule =>
  defineRule({
    id,
    title,
    reads: ['permissions'],
    severities,
    source,
    check({ permissions, environment: { ref, spec } }) {
      const scope = `/subscriptions/${ref.subscriptionId}`;
      const ofRule = neededPermissions(spec).filter(({ rule }) => rule === id);
      return ofRule.flatMap((one) => permissionFindings(one, permissions, scope));
    },
  });

/** PF-01, PF-25, DEL-4: the caller has the permissions that a run needs, role assignments included. */
export const permissionRules: readonly Rule[] = [
  permissionRule(
    'PF-01',
    'The caller is Contributor',
    ['blocks', 'warns'],
    'the article: prerequisites; REST reference: permissions, list for subscription',
  ),
  permissionRule(
    'PF-25',
    'The caller may assign roles, and define one unless the spec names it',
    ['blocks', 'warns'],
    'Azure docs: built-in roles, privileged',
  ),
  permissionRule(
    'DEL-4',
    'The caller may purge the vault after a teardown',
    ['warns'],
    'Azure docs: built-in roles, security; key vault soft delete',
  ),
];
