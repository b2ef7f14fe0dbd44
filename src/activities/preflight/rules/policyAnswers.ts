/** A policy in Azure's answers. */
interface PolicyInfo {
  policyAssignmentId?: string;
  policyDefinitionId?: string;
  /** of the definition inside an initiative */
  policyDefinitionReferenceId?: string;
}

/** A comparison that a policy made. */
export interface EvaluatedExpression {
  result?: string;
  /** a field's name or alias */
  expression?: string;
  expressionValue?: unknown;
  targetValue?: unknown;
  operator?: string;
}

/** The answer of checkPolicyRestrictions (azure-rest-api-specs: PolicyInsights 2023-03-01 and its examples). */
export interface RestrictionsAnswer {
  contentEvaluationResult?: {
    policyEvaluations?: {
      policyInfo?: PolicyInfo;
      evaluationResult?: string;
      evaluationDetails?: { evaluatedExpressions?: EvaluatedExpression[]; reason?: string };
      effectDetails?: { policyEffect?: string };
    }[];
  };
  fieldRestrictions?: {
    field?: string;
    restrictions?: {
      result?: string;
      values?: string[];
      policy?: PolicyInfo;
      policyEffect?: string;
      reason?: string;
    }[];
  }[];
}

/** What one policy says to one resource. */
export interface PolicyHit {
  policy: PolicyInfo;
  /** in lower case; empty where Azure names none */
  effect: string;
  /** label of the resource */
  resource: string;
  fields: string[];
  /** each field with its value and what the policy requires */
  demands: string[];
  reason?: string;
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(' or ') : typeof value === 'string' ? value : JSON.stringify(value);

/** What a field must be where a comparison holds that denies it, and where one holds that allows it. */
const requirements: Readonly<Record<string, readonly [string, string]>> = {
  equals: ['must not be', 'must be'],
  notequals: ['must be', 'must not be'],
  in: ['must not be', 'must be'],
  notin: ['must be', 'must not be'],
  like: ['must not be like', 'must be like'],
  notlike: ['must be like', 'must not be like'],
};

/** A comparison as a demand: `location is westus2, must be eastus or westeurope`. */
export function demandOf({
  result,
  expression = '',
  expressionValue,
  targetValue,
  operator = '',
}: EvaluatedExpression) {
  const isTrue = /^true$/i.test(result ?? '');
  if (/^exists$/i.test(operator)) {
    const mustExist = /^true$/i.test(String(targetValue)) !== isTrue;
    return `${expression} ${mustExist ? 'must be set' : 'must not be set'}`;
  }
  const [whenTrue, whenFalse] = requirements[operator.toLowerCase()] ?? [
    `must not match ${operator}`,
    `must match ${operator}`,
  ];
  const value = expressionValue === undefined || expressionValue === null ? 'not set' : textOf(expressionValue);
  return `${expression} is ${value}, ${isTrue ? whenTrue : whenFalse} ${textOf(targetValue)}`;
}

/** The comparisons that made a policy apply, without that of the type. Where none of them holds, a negation applies (`not`, `anyOf`). */
export function decisiveExpressions(expressions: readonly EvaluatedExpression[]): EvaluatedExpression[] {
  const fields = expressions.filter(({ expression = 'type' }) => !/^type$/i.test(expression));
  const holding = fields.filter(({ result }) => /^true$/i.test(result ?? ''));
  return holding.length > 0 ? holding : fields;
}

/** The policies that the whole content of a resource violates. */
export function evaluationHits(resource: string, { contentEvaluationResult }: RestrictionsAnswer): PolicyHit[] {
  return (contentEvaluationResult?.policyEvaluations ?? [])
    .filter(({ evaluationResult }) => /^noncompliant$/i.test(evaluationResult ?? ''))
    .map(({ policyInfo = {}, evaluationDetails, effectDetails }) => {
      const decisive = decisiveExpressions(evaluationDetails?.evaluatedExpressions ?? []);
      const reason = evaluationDetails?.reason;
      return {
        policy: policyInfo,
        effect: effectDetails?.policyEffect?.toLowerCase() ?? '',
        resource,
        fields: decisive.map(({ expression = '' }) => expression),
        demands: decisive.map(demandOf),
        ...(reason === undefined ? {} : { reason }),
      };
    });
}

/** The policies that require a field which the resource does not set: a tag. */
export function restrictionHits(resource: string, { fieldRestrictions = [] }: RestrictionsAnswer): PolicyHit[] {
  return fieldRestrictions.flatMap(({ field = '', restrictions = [] }) =>
    restrictions
      .filter(({ result }) => /^required$/i.test(result ?? ''))
      .map(({ policy = {}, policyEffect = '', values = [], reason }) => ({
        policy,
        effect: policyEffect.toLowerCase(),
        resource,
        fields: [field],
        demands: [values.length === 0 ? `${field} must be set` : `${field} must be ${values.join(' or ')}`],
        ...(reason === undefined ? {} : { reason }),
      })),
  );
}
