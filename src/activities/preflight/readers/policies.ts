import { groupId } from '../../../domain/naming.ts';
import type { PlannedContent } from './plannedContents.ts';
import { evaluationHits, restrictionHits } from '../rules/policyAnswers.ts';
import type { PolicyHit, RestrictionsAnswer } from '../rules/policyAnswers.ts';
import type { PolicyAssignment, PolicyExemption, PolicyFacts } from '../rules/policyFacts.ts';
import { refusalOf } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import type { Refusal } from '../facts.ts';

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
 * any, one request for each kind of resource that does not exist yet, at most 18; where one is denied, a read of the exemptions.
 */
export async function readPolicies(context: PreflightContext): Promise<PolicyFacts> {
  const { ref, groupExists } = context;
  const scope = groupExists ? groupId(ref) : `/subscriptions/${ref.subscriptionId}`;
  const authorization = `${scope}/providers/Microsoft.Authorization`;
  const assignments = await listAt<PolicyAssignment>(context, `${authorization}/policyAssignments`, '2022-06-01');
  if (assignments?.length === 0) return { scope, hits: [], refused: [], assignments: [], exemptions: [] };
  const contents = await context.plannedContents();
  const asked = await Promise.all(contents.map((content) => ask(context, scope, content)));
  const hits = asked.flatMap((one) => ('hits' in one ? one.hits : []));
  const exemptions = hits.some(({ effect }) => effect === 'deny')
    ? await listAt<PolicyExemption>(context, `${authorization}/policyExemptions`, '2022-07-01-preview')
    : undefined;
  const refused = asked.filter((one) => 'refusal' in one);
  return { scope, hits, refused, assignments: assignments ?? [], exemptions: exemptions ?? [] };
}
