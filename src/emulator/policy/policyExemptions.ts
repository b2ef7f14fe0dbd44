import { sameId } from '../arm/ids.ts';
import { asList, textOf } from '../http/call.ts';
import type { Cloud, Resource } from '../arm/model.ts';
import { policyIds } from './policyRules.ts';
import type { PolicyRule } from './policyRules.ts';

export const exemptionType = 'Microsoft.Authorization/policyExemptions';

/** The scope that an exemption is for. */
export const exemptedScope = ({ id }: Resource): string =>
  id.replace(/\/providers\/Microsoft\.Authorization\/policyExemptions\/[^/]+$/i, '');

/** Whether `id` is a scope or below it. */
export const isAtOrBelow = (id: string, scope: string): boolean =>
  sameId(id, scope) || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);

/** Whether an exemption at a scope of the id, or above it, that has not expired names the rule's assignment (Azure docs: policy exemption structure). */
export const isExempt = (cloud: Cloud, rule: PolicyRule, id: string): boolean =>
  cloud.ofType(exemptionType).some((exemption) => {
    const { policyAssignmentId, policyDefinitionReferenceIds, expiresOn } = exemption.properties;
    const references = asList(policyDefinitionReferenceIds).map(textOf);
    return (
      isAtOrBelow(id, exemptedScope(exemption)) &&
      sameId(textOf(policyAssignmentId), policyIds(rule).assignment) &&
      (references.length === 0 || references.some((one) => sameId(one, rule.name))) &&
      !(typeof expiresOn === 'string' && Date.parse(expiresOn) <= cloud.now())
    );
  });
