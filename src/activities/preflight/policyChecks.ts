import type { Finding } from '../../domain/preflightReport.ts';
import { groupId } from '../../domain/naming.ts';
import { plannedContents } from './plannedContents.ts';
import type { PlannedContent } from './plannedContents.ts';
import { evaluationHits, restrictionHits } from './policyAnswers.ts';
import type { PolicyHit, RestrictionsAnswer } from './policyAnswers.ts';
import { policyFindings, unknownPolicies } from './policyFindings.ts';
import type { PolicyAssignment, PolicyExemption } from './policyFindings.ts';
import { refusalOf } from './preflightContext.ts';
import type { PreflightContext, Refusal } from './preflightContext.ts';

const insights = 'providers/Microsoft.PolicyInsights/checkPolicyRestrictions';

/** What is assigned or exempted at a scope and above it; undefined where the caller may not read it. */
async function listAt<Item>(context: PreflightContext, path: string, apiVersion: string): Promise<Item[] | undefined> {
  try {
    return (await context.azure.generic.list(path, apiVersion, { $filter: 'atScope()' })) as Item[];
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
 * any, one request for each kind of resource that does not exist yet, at most 18, and a read of the tenant for the vault's body; where one
 * is denied, a read of the exemptions.
 */
export async function checkPolicies(context: PreflightContext): Promise<Finding[]> {
  const { ref, groupExists } = context;
  const scope = groupExists ? groupId(ref) : `/subscriptions/${ref.subscriptionId}`;
  const authorization = `${scope}/providers/Microsoft.Authorization`;
  const assignments = await listAt<PolicyAssignment>(context, `${authorization}/policyAssignments`, '2022-06-01');
  if (assignments?.length === 0) return [];
  const contents = await plannedContents(context);
  const asked = await Promise.all(contents.map((content) => ask(context, scope, content)));
  const hits = asked.flatMap((one) => ('hits' in one ? one.hits : []));
  const exemptions = hits.some(({ effect }) => effect === 'deny')
    ? await listAt<PolicyExemption>(context, `${authorization}/policyExemptions`, '2022-07-01-preview')
    : undefined;
  return [
    ...policyFindings(hits, { scope, assignments: assignments ?? [], exemptions: exemptions ?? [] }),
    ...unknownPolicies(asked.filter((one) => 'refusal' in one)),
  ];
}
