import type { Finding } from '../../domain/preflightReport.ts';
import { zoneNames } from '../../domain/privateLinks.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

const zoneType = 'Microsoft.Network/privateDnsZones';

interface Evaluation {
  evaluationResult?: string;
  policyInfo?: { policyAssignmentId?: string };
  effectDetails?: { policyEffect?: string };
}

/**
 * No policy denies private DNS zones, as landing zones with central zones do (Azure/Enterprise-Scale#707). A zone is the whole content of
 * its request, so the answer is exact (azure-rest-api-specs: PolicyInsights checkPolicyRestrictions 2023-03-01).
 */
export async function checkPolicies({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const scope = `/subscriptions/${ref.subscriptionId}`;
  const resourceContent = { type: zoneType, name: zoneNames[0], location: 'global' };
  const answer = (await azure.generic.send(
    'POST',
    `${scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`,
    '2023-03-01',
    { body: { resourceDetails: { resourceContent, apiVersion: '2024-06-01' } } },
  )) as { contentEvaluationResult?: { policyEvaluations?: Evaluation[] } };
  return (answer.contentEvaluationResult?.policyEvaluations ?? [])
    .filter(
      ({ evaluationResult, effectDetails }) =>
        /^noncompliant$/i.test(evaluationResult ?? '') && /^deny$/i.test(effectDetails?.policyEffect ?? ''),
    )
    .map(({ policyInfo }) => {
      const assignment = policyInfo?.policyAssignmentId ?? 'unknown';
      return finding(
        'POLICY',
        'blocks',
        `policy assignment ${assignment} denies ${zoneType}`,
        `az policy exemption create --name moat --policy-assignment ${assignment} --exemption-category Waiver --scope ${scope}; or set AZURE_SUBSCRIPTION_ID to a subscription that may have its own private DNS zones`,
      );
    });
}
