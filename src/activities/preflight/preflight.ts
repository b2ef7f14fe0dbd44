import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { PreflightReport } from '../../domain/preflightReport.ts';
import type { ActivityDeps } from '../deps.ts';
import { listGroup } from '../resources/resourceGroup.ts';
import { readFacts } from './readers/readFacts.ts';
import { applyRules } from './rule.ts';
import { ruleCatalogue } from './ruleCatalogue.ts';
import { heldNames, namesWillBeFree, waitForNames } from './rules/nameAvailability.ts';

export interface PreflightInput {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** when an environment with the same globally unique names was deleted (ISO time) */
  namesFreedAt?: string | undefined;
  /** false for a plan: what a run would wait for is a finding that does not block. Default: true */
  waits?: boolean;
}

/**
 * Reads the facts and applies every rule of the catalogue (docs/preflight.md). Changes nothing. Throws `NotYetConsistent` while nothing
 * blocks but names that this installation has just deleted (unless `waits` is false), and what Temporal retries: throttling, no answer, Azure's transient failures.
 */
export async function preflight(deps: ActivityDeps, input: PreflightInput): Promise<PreflightReport> {
  const { ref, spec, specHash } = input;
  const group = await listGroup(deps, { ref });
  const inventory = group.sealed ? group.resources.map(({ id }) => id) : [];
  const environment = {
    ref,
    spec,
    specHash,
    groupExists: group.exists,
    sealed: group.sealed,
    groupTags: group.tags,
    inventory,
  };
  const findings = applyRules(ruleCatalogue, await readFacts(deps, environment));
  const held = group.exists ? [] : heldNames(deps.azure, findings, input.namesFreedAt);
  if (held.length === 0) return { findings, inventory };
  if (input.waits === false) return { findings: namesWillBeFree(findings), inventory };
  throw waitForNames(deps.azure, held);
}
