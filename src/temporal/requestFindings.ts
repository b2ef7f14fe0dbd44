import type { Spec } from '../domain/environment.ts';
import type { Finding } from '../domain/preflightReport.ts';
import { Problem } from '../domain/problem.ts';
import { assertAccepted } from './earlyRefusal.ts';
import type { StoredEnvironment } from './environmentReader.ts';
import { specHash } from './specHash.ts';

const specConflict = 'SpecConflict';
/** What preflight reads from the tags of the group, and the API knows from the environment itself. */
const sameFact = 'SPEC';

/** The findings of both, each fact once. */
export const mergeFindings = (refusals: readonly Finding[], preflight: readonly Finding[]): Finding[] => {
  const isKnown = refusals.some(({ rule }) => rule === specConflict);
  return [...refusals, ...preflight.filter(({ rule }) => !(isKnown && rule === sameFact))];
};

const blocks = (rule: string, message: string, remedy: string, source: string): Finding => ({
  rule,
  severity: 'blocks',
  message,
  remedy,
  source,
});

/** The refusal by the lifecycle table; undefined where a POST is accepted. */
function refusalOf({ record }: StoredEnvironment): Problem | undefined {
  try {
    assertAccepted('provision', record);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/**
 * Why a POST of the spec would be refused before it starts a run: its environment's state or spec, the suffix of another one, or the policy. `stored`: the
 * environment of that name; `holder`: the environment that holds the suffix; `used`, `allowed`: how many environments the owner has, and may have.
 */
export function requestFindings(
  spec: Spec,
  stored: StoredEnvironment | undefined,
  holder: string | undefined,
  { used, allowed }: { used: number; allowed: number | null },
): Finding[] {
  const { name, suffix, owner } = spec;
  const live = stored?.record.state === 'deleted' ? undefined : stored;
  const findings: Finding[] = [];
  const refused = live?.health === 'ok' ? refusalOf(live) : undefined;
  if (refused)
    findings.push(blocks(refused.code, refused.message, 'wait until its teardown has ended', 'docs/lifecycle.md'));
  if (live && live.specHash !== specHash(spec)) {
    const remedy = 'POST the earlier spec, POST with another "name", or DELETE the environment first';
    findings.push(blocks(specConflict, `the environment ${name} has another spec`, remedy, 'docs/plans.md'));
  }
  if (holder !== undefined && holder !== name) {
    const message = `the suffix ${suffix} is used by the environment ${holder}`;
    findings.push(blocks('SuffixInUse', message, 'POST the environment with another "suffix"', 'docs/plans.md'));
  }
  if (!live && allowed !== null && used >= allowed) {
    const message = `${owner} has ${used} environments, and the policy allows ${allowed}`;
    const remedy = 'DELETE one, or ask an operator to change the policy';
    findings.push(blocks('TooManyEnvironments', message, remedy, 'docs/identity.md'));
  }
  return findings;
}
