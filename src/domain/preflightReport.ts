/** One finding of the read-only checks before anything is created. */
export interface Finding {
  /** rule, e.g. `PF-41` */
  rule: string;
  /** `blocks` stops the run; `unknown` and `assumed` could not be checked; the message has the reason */
  severity: 'blocks' | 'warns' | 'unknown' | 'assumed';
  message: string;
  remedy: string;
}

export interface PreflightReport {
  findings: Finding[];
  /** ids of what already exists in the sealed group; empty when there is no group yet */
  inventory: string[];
}

export const blocking = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.severity === 'blocks');
