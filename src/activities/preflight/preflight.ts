import type { Spec } from '../../domain/environment.ts';
import type { ExistingIds } from '../../domain/existingResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import type { ActivityDeps } from '../deps.ts';
import { adoptedRef } from '../../domain/adoption.ts';
import type { Adoption } from '../../domain/adoption.ts';
import { findAdoptedIds } from '../adoption/findAdoptedIds.ts';
import { readAdoption } from '../adoption/readAdoption.ts';
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

export interface PreflightReport {
  /** of all rules at once, in the order of the catalogue */
  findings: Finding[];
  /** ids of the resources that exist in the group, where it is sealed or being adopted; empty when there is no group */
  inventory: string[];
  /** of an adopted environment's resources whose names do not follow from its suffix; absent where they were not read */
  ids?: ExistingIds;
  /** of a group that the spec adopts, as long as it is not sealed */
  adoption?: Adoption;
}

/**
 * Reads the facts and applies every rule of the catalogue (docs/preflight.md). Changes nothing. Throws `NotYetConsistent` while nothing
 * blocks but names that this installation has just deleted (unless `waits` is false), and what Temporal retries: throttling, no answer, Azure's transient failures.
 */
export async function preflight(deps: ActivityDeps, input: PreflightInput): Promise<PreflightReport> {
  const { spec, specHash } = input;
  const group = await listGroup(deps, { ref: input.ref });
  const adopts = spec.adopt && group.seal === 'missing';
  // a run has the ids: the plan before it has found them
  const found =
    adopts || (spec.adopt && group.sealed && input.waits === false)
      ? await findAdoptedIds(deps.azure, input.ref)
      : undefined;
  const ref = found ? adoptedRef(input.ref, found.ids) : input.ref;
  const adoption = adopts && found ? await readAdoption(deps, { ref, spec, found, resources: group }) : undefined;
  const idsAreKnown = input.waits === false || hasIds(input.ref, found?.ids);
  const inventory = group.sealed || adopts ? group.resources.map(({ id }) => id) : [];
  const environment = {
    ref,
    ...(adoption && { adoption: { ...adoption, idsAreKnown } }),
    spec,
    specHash,
    groupExists: group.exists,
    sealed: group.sealed,
    groupTags: group.tags,
    inventory,
  };
  const findings = applyRules(ruleCatalogue, await readFacts(deps, environment));
  const held = group.exists ? [] : heldNames(deps.azure, findings, input.namesFreedAt);
  const report = {
    findings,
    inventory,
    ...(found && { ids: found.ids }),
    ...(adoption && { adoption: adoption.shown }),
  };
  if (held.length === 0) return report;
  if (input.waits === false) return { ...report, findings: namesWillBeFree(findings) };
  throw waitForNames(deps.azure, held);
}

const hasIds = ({ ids: known = {} }: EnvironmentRef, found: ExistingIds = {}): boolean =>
  Object.entries(found).every(([key, id]) => known[key] === id);
