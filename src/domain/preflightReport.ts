/** One finding of the read-only checks before anything is created. */
export interface Finding {
  /** rule, e.g. `PF-41` */
  rule: string;
  /** `blocks` fails the run; `unknown` and `assumed` could not be checked, for the reason in the message */
  severity: 'blocks' | 'warns' | 'unknown' | 'assumed';
  message: string;
  remedy: string;
}

export interface PreflightReport {
  findings: Finding[];
  /** ids of the resources that exist in the sealed group; empty when there is no group */
  inventory: string[];
}

export const blocking = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.severity === 'blocks');
