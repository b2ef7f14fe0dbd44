import { ArmError } from '../../arm/model.ts';
import type { JsonObject, ResourceType } from '../../arm/model.ts';
import { assignedTo, assignmentScope, policyIds, policyRules } from '../../policy/policyRules.ts';
import type { PolicyRule } from '../../policy/policyRules.ts';
import { types as exemptions } from './policyExemptions.ts';

function assignmentToArm(rule: PolicyRule): JsonObject {
  const { assignment, definition, initiative } = policyIds(rule);
  return {
    id: assignment,
    name: rule.name,
    type: 'Microsoft.Authorization/policyAssignments',
    properties: {
      displayName: rule.name,
      policyDefinitionId: initiative ?? definition,
      scope: assignmentScope(rule),
      notScopes: [],
      parameters: {},
      // the portal adds it (Azure docs: policy assignment structure)
      metadata: { assignedBy: rule.assignedBy ?? 'Platform team' },
      enforcementMode: rule.enforcementMode ?? 'Default',
      nonComplianceMessages: rule.reason === undefined ? [] : [{ message: rule.reason }],
    },
  };
}

/** Policy assignments at a scope, above it and below it; they are made on the control route only. */
const policyAssignment: ResourceType = {
  type: 'Microsoft.Authorization/policyAssignments',
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare: () => {
    throw new ArmError(501, 'NotEmulated', 'Policy assignments are made on the control route /_emulator/policies.');
  },
  list: (cloud, scope, query) =>
    policyRules(cloud)
      .filter((rule) => assignedTo(rule, scope) || (!query['$filter'] && isBelow(rule, scope)))
      .map(assignmentToArm),
};

const isBelow = ({ scope }: PolicyRule, above: string): boolean =>
  scope?.toLowerCase().startsWith(`${above.toLowerCase()}/`) === true;

export const types: ResourceType[] = [policyAssignment, ...exemptions];
