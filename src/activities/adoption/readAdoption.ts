import { createHash } from 'node:crypto';
import type { Adoption, MemberDifference, OtherResource } from '../../domain/adoption.ts';
import type { Json, Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResources } from '../../domain/resources.ts';
import { deletableRowOf, isOwn } from '../../domain/teardownOrder.ts';
import type { ActivityDeps } from '../deps.ts';
import { compareResource } from '../resources/compareResources.ts';
import type { Difference } from '../resources/matchesDesired.ts';
import type { GroupList } from '../resources/resourceGroup.ts';
import type { AdoptedIds } from './findAdoptedIds.ts';

/** What the rules need beside what a plan shows. */
export interface FoundAdoption extends Pick<AdoptedIds, 'endpoints' | 'deployments'> {
  shown: Adoption;
  /** keys of the environment's resources that exist */
  existing: string[];
  /** the environment's ref has all ids that were found */
  idsAreKnown: boolean;
}

interface AdoptionInput {
  /** with the ids that were found */
  ref: EnvironmentRef;
  spec: Spec;
  found: AdoptedIds;
  resources: GroupList;
}

/** Reads what a group without any seal has of the environment, how that differs from the spec, and what else is in it. Only reads. */
export async function readAdoption(
  deps: ActivityDeps,
  { ref, spec, found, resources: { resources, moreForeign: moreOthers } }: AdoptionInput,
): Promise<Omit<FoundAdoption, 'idsAreKnown'>> {
  const { ids, endpoints, deployments } = found;
  const compared = await Promise.all(
    plannedResources(ref).map(async (planned) => {
      const result = await compareResource(deps, { ref, spec }, planned);
      return result ? ([planned.key, result.changes.map(shownDifference)] as const) : undefined;
    }),
  );
  const existing = compared.filter((one) => one !== undefined);
  const differences = Object.fromEntries(existing.filter(([, changes]) => changes.length > 0));
  const others = resources.flatMap((one) => otherResource(ref, one));
  const shown = { differences, others, moreOthers };
  const keys = existing.map(([key]) => key);
  return { shown: { ...shown, digest: digestOf({ ids, keys, ...shown }) }, existing: keys, endpoints, deployments };
}

const shownDifference = ({ path, actual, desired }: Difference): MemberDifference => ({
  member: path.join('.'),
  actual: (actual ?? null) as Json,
  desired: (desired ?? null) as Json,
});

/** Nothing for the environment's own resources and what is contained in them. */
function otherResource(ref: EnvironmentRef, { id, type }: GroupList['resources'][number]): OtherResource[] {
  const isTakenOver = ref.takenOver?.some((one) => one.toLowerCase() === id.toLowerCase()) ?? false;
  if (isTakenOver && deletableRowOf(type)) return [{ id, type, teardown: 'deleted', command: null }];
  if (isOwn(ref, id)) return [];
  return [{ id, type, teardown: 'stays', command: `az resource delete --ids ${id}` }];
}

const digestOf = (found: object): string =>
  createHash('sha256').update(JSON.stringify(found)).digest('hex').slice(0, 32);
