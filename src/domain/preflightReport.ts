/**
 * How serious a finding is. `blocks` fails the run before anything is created. `unknown` could not be read, for the reason in the message;
 * `assumed` is what no API of Azure reports.
 */
export const severities = ['blocks', 'warns', 'unknown', 'assumed'] as const;
export type Severity = (typeof severities)[number];

/** One finding of the read-only checks before anything is created. */
export interface Finding {
  /** id of the rule in docs/preflight.md, e.g. `PF-41` */
  rule: string;
  severity: Severity;
  /** what was observed */
  message: string;
  /** what to do about it; empty where nothing need be done */
  remedy: string;
  /** the document that the rule comes from */
  source: string;
}

/** A receipt keeps so many findings: an environment's record must stay small. */
const maximumFindings = 50;

export const blocking = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.severity === 'blocks');

/** The findings that a receipt keeps. Where there are too many, those that block come first. */
export function keptFindings(findings: readonly Finding[]): Finding[] {
  if (findings.length <= maximumFindings) return [...findings];
  const others = findings.filter(({ severity }) => severity !== 'blocks');
  return [...blocking(findings), ...others].slice(0, maximumFindings);
}
