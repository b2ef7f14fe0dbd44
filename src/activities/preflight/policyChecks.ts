import type { Finding } from '../../domain/preflightReport.ts';
import { groupId } from '../../domain/naming.ts';
import { plannedContents } from './plannedContents.ts';
import type { PlannedContent } from './plannedContents.ts';
import { evaluationHits, restrictionHits } from './policyAnswers.ts';
import type { PolicyHit, RestrictionsAnswer } from './policyAnswers.ts';
import { policyFindings, unknownPolicies } from './policyFindings.ts';
import type { PolicyAssignment } from './policyFindings.ts';
import { refusalOf } from './preflightContext.ts';
import type { PreflightContext, Refusal } from './preflightContext.ts';

const insights = 'providers/Microsoft.PolicyInsights/checkPolicyRestrictions';

/** The assignments that apply at a scope, management groups included; undefined where the caller may not read them. */
async function assignmentsAt(context: PreflightContext, scope: string): Promise<PolicyAssignment[] | undefined> {
  const path = `${scope}/providers/Microsoft.Authorization/policyAssignments`;
  try {
    return (await context.azure.generic.list(path, '2022-06-01', { $filter: 'atScope()' })) as PolicyAssignment[];
  } catch (error) {
    refusalOf(context, error);
    return undefined;
  }
}

type Asked = { hits: PolicyHit[] } | { label: string; refusal: Refusal };

/** Asks what the policies say to one resource. Moat's resources have no tags: which ones a policy requires is asked for. */
async function ask(context: PreflightContext, scope: string, content: PlannedContent): Promise<Asked> {
  const { label, type, name, apiVersion, body, parent } = content;
  const isTagged = body['tags'] !== undefined;
  const request = {
    resourceDetails: { resourceContent: { type, name, ...body }, apiVersion, ...(parent ? { scope: parent } : {}) },
    ...(isTagged ? {} : { pendingFields: [{ field: 'tags' }] }),
    includeAuditEffect: true,
  };
  try {
    const sent = context.azure.generic.send('POST', `${scope}/${insights}`, '2023-03-01', { body: request });
    const answer = (await sent) as RestrictionsAnswer;
    return { hits: [...evaluationHits(label, answer), ...restrictionHits(label, answer)] };
  } catch (error) {
    return { label, refusal: refusalOf(context, error) };
  }
}

/**
 * What Azure's policies say to everything that the run will PUT, before anything is created. A read of the assignments; where there are
 * any, one request for each kind of resource that does not exist yet, at most 18, and a read of the tenant for the vault's body.
 */
export async function checkPolicies(context: PreflightContext): Promise<Finding[]> {
  const { ref, groupExists } = context;
  const subscription = `/subscriptions/${ref.subscriptionId}`;
  const scope = groupExists ? groupId(ref) : subscription;
  const assignments = await assignmentsAt(context, scope);
  if (assignments?.length === 0) return [];
  const contents = await plannedContents(context);
  const asked = await Promise.all(contents.map((content) => ask(context, scope, content)));
  return [
    ...policyFindings(
      asked.flatMap((one) => ('hits' in one ? one.hits : [])),
      { scope, assignments: assignments ?? [] },
    ),
    ...unknownPolicies(asked.filter((one) => 'refusal' in one)),
  ];
}
