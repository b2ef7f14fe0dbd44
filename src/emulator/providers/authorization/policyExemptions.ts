import { asObject, asText } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud, JsonObject, PutRequest, Resource, ResourceType } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { exemptedScope, exemptionType, isAtOrBelow } from '../../policy/policyExemptions.ts';
import { policyIds, policyRules } from '../../policy/policyRules.ts';

function prepare(cloud: Cloud, { body }: PutRequest): Pick<Resource, 'properties'> {
  const asked = asObject(body['properties']);
  const assignment = asText(asked['policyAssignmentId']);
  const category = asked['exemptionCategory'];
  if (assignment === undefined || (category !== 'Waiver' && category !== 'Mitigated'))
    throw new ArmError(
      400,
      'InvalidCreatePolicyExemptionRequest',
      "The policy exemption needs a 'policyAssignmentId' and an 'exemptionCategory', which is 'Waiver' or 'Mitigated'.",
    );
  if (!policyRules(cloud).some((rule) => sameId(policyIds(rule).assignment, assignment)))
    throw new ArmError(404, 'PolicyAssignmentNotFound', `The policy assignment '${assignment}' could not be found.`);
  return { properties: { policyDefinitionReferenceIds: [], ...asked } };
}

/** `atScope()` leaves out scopes below. */
function list(cloud: Cloud, scope: string, query: Record<string, string>): JsonObject[] {
  const below = !/atScope\(\)/i.test(query['$filter'] ?? '');
  return cloud
    .ofType(exemptionType)
    .filter((one) => isAtOrBelow(scope, exemptedScope(one)) || (below && isAtOrBelow(exemptedScope(one), scope)))
    .map((one) => toArm(cloud, policyExemption, one, {}));
}

/** Exemptions from policy assignments, at a subscription, group or resource. */
const policyExemption: ResourceType = {
  type: exemptionType,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare,
  list,
};

export const types: ResourceType[] = [policyExemption];
