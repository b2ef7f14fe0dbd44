import { retryByPost } from '../../../domain/remedies.ts';
import type { PolicyHit } from './policyAnswers.ts';
import type { PolicyAssignment, PolicyExemption, PolicyScope, RefusedQuestion } from './policyFacts.ts';
import { observation } from '../rule.ts';
import type { Observation } from '../rule.ts';

const same = (one: string | undefined, other: string | undefined): boolean =>
  one?.toLowerCase() === other?.toLowerCase();

/** The exemption that covers a policy now. Azure does not say whether its answers consider exemptions. */
const exemptionOf = ({ policy }: PolicyHit, exemptions: readonly PolicyExemption[]): PolicyExemption | undefined =>
  exemptions.find(({ properties = {} }) => {
    const { policyAssignmentId, policyDefinitionReferenceIds = [], expiresOn } = properties;
    return (
      same(policyAssignmentId, policy.policyAssignmentId) &&
      (policyDefinitionReferenceIds.length === 0 ||
        policyDefinitionReferenceIds.some((one) => same(one, policy.policyDefinitionReferenceId))) &&
      !(expiresOn !== undefined && Date.parse(expiresOn) <= Date.now())
    );
  });

const listed = 5;

/** The first few of a list. */
function few(all: readonly string[]): string {
  const [shown, more] = [all.slice(0, listed), all.length - listed];
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

const unique = (all: readonly string[]): string[] => [...new Set(all)];

const keyOf = ({ policy, effect }: PolicyHit): string =>
  [policy.policyAssignmentId, policy.policyDefinitionId, policy.policyDefinitionReferenceId, effect]
    .join(' ')
    .toLowerCase();

/** One hit per policy and effect: a required tag concerns every resource. */
const merged = (hits: readonly PolicyHit[]): (PolicyHit & { resources: string[] })[] =>
  [...Map.groupBy(hits, keyOf).values()].map((same) => ({
    ...same[0]!,
    resources: unique(same.map(({ resource }) => resource)),
    fields: unique(same.flatMap(({ fields }) => fields)),
    demands: unique(same.flatMap(({ demands }) => demands)),
  }));

/** Members of the spec that decide a field. */
const specMembers: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)location$/i, '"location"'],
  [/virtualMachines\/(sku\.name|.*vmSize)$/i, '"jumpbox.sizes"'],
  [/deployments\/instanceType$/i, '"instanceType"'],
  [/MachineLearningServices\/workspaces\/publicNetworkAccess$/i, '"workspacePublicNetworkAccess"'],
];

const membersOf = (fields: readonly string[]): string[] =>
  specMembers.flatMap(([pattern, member]) => (fields.some((field) => pattern.test(field)) ? [member] : []));

/** Who can exempt: the one who made the assignment, else whoever administers its scope. */
function askWhom(id: string, assignment: PolicyAssignment | undefined): string {
  const at = id.replace(/\/providers\/Microsoft\.Authorization\/.*$/i, '');
  const group = /managementGroups\/([^/]+)$/i.exec(at)?.[1];
  const scope = group === undefined ? at : `management group ${group}`;
  const by = assignment?.properties?.metadata?.assignedBy;
  return by ? `${by} (who assigned it at ${scope})` : `an administrator of ${scope}`;
}

function exemption({ policy }: PolicyHit, scope: string): string {
  const { policyAssignmentId, policyDefinitionReferenceId: one } = policy;
  const only = one === undefined ? '' : ` --policy-definition-reference-ids ${one}`;
  return `az policy exemption create --name moat --policy-assignment ${policyAssignmentId ?? '<id>'}${only} --exemption-category Waiver --scope ${scope}`;
}

/** What an effect does to a request. Effects that act after the request, like deployIfNotExists, are not about it. */
const verbs: Readonly<Record<string, string>> = {
  deny: 'denies',
  audit: 'reports as not compliant',
  modify: 'changes',
  append: 'changes',
  '': 'finds not compliant',
};

/** The finding of one policy: what is denied blocks, the rest warns. */
function findingOf(
  hit: PolicyHit & { resources: string[] },
  { scope, assignments, exemptions }: PolicyScope,
): Observation[] {
  const verb = verbs[hit.effect];
  if (verb === undefined) return [];
  const { policyAssignmentId: id = 'unknown', policyDefinitionId: definition } = hit.policy;
  const assignment = assignments.find((one) => same(one.id, id));
  const isEnforced = !/^DoNotEnforce$/i.test(assignment?.properties?.enforcementMode ?? '');
  const exempted = exemptionOf(hit, exemptions);
  const blocks = hit.effect === 'deny' && isEnforced && !exempted;
  const details = [
    ...(hit.demands.length === 0 ? [] : [few(hit.demands)]),
    ...(hit.reason === undefined ? [] : [`"${hit.reason}"`]),
    ...(isEnforced ? [] : ['not enforced']),
    ...(exempted ? [`exempted by ${exempted.id}`] : []),
    ...(definition === undefined ? [] : [`definition ${definition}`]),
  ];
  const message = `policy assignment ${id} ${verb} ${few(hit.resources)}: ${details.join('; ')}`;
  if (!blocks) return [observation('warns', message)];
  const members = membersOf(hit.fields);
  const remedies = [
    `ask ${askWhom(id, assignment)} for an exemption: ${exemption(hit, scope)}; then ${retryByPost}`,
    ...(members.length === 0 ? [] : [`POST with another ${members.join(' or ')}`]),
    'set AZURE_SUBSCRIPTION_ID to a subscription without this policy',
  ];
  return [observation('blocks', message, remedies.join('; or '))];
}

/** The findings of all policies, those that block first. */
export function policyFindings(hits: readonly PolicyHit[], at: PolicyScope): Observation[] {
  const found = merged(hits).flatMap((hit) => findingOf(hit, at));
  return found.toSorted((a, b) => Number(b.severity === 'blocks') - Number(a.severity === 'blocks'));
}

/** What could not be asked about, by the reason. */
export function unknownPolicies(refused: readonly RefusedQuestion[]): Observation[] {
  return [...Map.groupBy(refused, ({ refusal }) => refusal.code).values()].map((same) => {
    const { code, message, remedy } = same[0]!.refusal;
    const labels = few(same.map(({ label }) => label));
    return observation('unknown', `the policies for ${labels} could not be checked: ${code}: ${message}`, remedy);
  });
}
