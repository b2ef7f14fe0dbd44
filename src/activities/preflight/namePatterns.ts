import { nameErrors } from '../../domain/nameCheck.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** PF-40: every name that is derived from the spec matches Azure's rule and has no reserved word. The POST checks the same. */
export function checkNamePatterns({ ref }: Pick<PreflightContext, 'ref'>): Finding[] {
  return nameErrors(ref).map(({ member, message }) =>
    finding('PF-40', 'blocks', `"${member}" ${message}`, `POST with another "${member}"`),
  );
}
