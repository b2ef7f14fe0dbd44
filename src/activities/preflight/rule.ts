import type { Finding, Severity } from '../../domain/preflightReport.ts';
import type { FactName, Facts, ObservedFacts } from './facts.ts';

/** What a rule finds. The engine adds id and source. */
export type Observation = Pick<Finding, 'severity' | 'message' | 'remedy'>;

export interface RuleRow<Reads extends FactName> {
  /** id, as in docs/preflight.md. Rows about the same prerequisite share one. */
  id: string;
  /** what must hold */
  title: string;
  /** the facts that `check` may use; the environment is always there */
  reads: readonly Reads[];
  /** what `check` may answer; a read that Azure refuses is always `unknown` */
  severities: readonly Severity[];
  /** the document that the rule comes from */
  source: string;
  /** Pure. Nothing where the rule holds. */
  check(facts: Pick<Facts, Reads | 'environment'>): Observation[];
}

/** A row of the catalogue. */
export type Rule = RuleRow<FactName>;

/** Checks that a rule uses only the facts that it names. */
export const defineRule = <const Reads extends FactName>(row: RuleRow<Reads>): Rule => row;

export const observation = (severity: Severity, message: string, remedy = ''): Observation => ({
  severity,
  message,
  remedy,
});

/** Applies one rule. Where Azure refused a read, the rule is `unknown`: the run can still succeed (DEL-6). */
function applyRule({ id, source, reads, check }: Rule, observed: ObservedFacts): Finding[] {
  const refused = reads.map((name) => observed[name]).find((one) => 'refusal' in one);
  if (refused && 'refusal' in refused) {
    const { code, message, remedy } = refused.refusal;
    const text = `${refused.subject} could not be read: ${code}: ${message}`;
    return [{ rule: id, ...observation('unknown', text, remedy), source }];
  }
  const entries = Object.entries(observed).flatMap(([name, one]) => ('value' in one ? [[name, one.value]] : []));
  return check(Object.fromEntries(entries) as Facts).map((one) => ({ rule: id, ...one, source }));
}

/** The findings of all rules, in the order of the rules. */
export const applyRules = (rules: readonly Rule[], observed: ObservedFacts): Finding[] =>
  rules.flatMap((rule) => applyRule(rule, observed));
