import type { EnvironmentView, FoundGroup } from './inputs.ts';
import type { SweepEntry } from './entry.ts';

/**
 * Whether a group without this installation's seal seems to be one of its environments: it has an open workflow, or Moat's tags with a
 * seal that is missing or cannot be read. A policy or a person changed it; nothing in it is touched.
 */
export function isAltered(views: ReadonlyMap<string, EnvironmentView>, group: FoundGroup): boolean {
  const { name, seal, subscriptionId, owner, spec, state, expiresAt } = group;
  if (name === null) return false;
  if (views.get(name)?.subscriptionId.toLowerCase() === subscriptionId.toLowerCase()) return true;
  return seal !== 'foreign' && [owner, spec, state, expiresAt].some((tag) => tag !== null);
}

const entryOf = ({ name, group, subscriptionId, owner, expiresAt }: FoundGroup, reason: string): SweepEntry => ({
  name: name ?? group,
  subscriptionId,
  owner,
  expiresAt,
  reason,
});

/** The entry of a group whose seal was altered. */
export function alteredEntry(group: FoundGroup): SweepEntry {
  const change =
    group.seal === 'missing'
      ? 'seal missing: the tag moat-seal was removed'
      : group.seal === 'altered'
        ? 'seal altered: the tag moat-seal is no seal any more'
        : 'seal altered: it is not this installation’s, though an environment of this name exists; or MOAT_SEAL_KEY has changed';
  return entryOf(group, `${change}; nothing in ${group.group} is touched`);
}

/** The entry of a group that is not this installation's. */
export function foreignEntry(group: FoundGroup): SweepEntry {
  if (group.name === null) return entryOf(group, `${group.group} is not the name of an environment's group`);
  if (group.seal === 'missing')
    return entryOf(group, `${group.group} has the name of an environment's group, but no seal`);
  return entryOf(group, `${group.group} does not carry this installation's seal for this subscription and name`);
}
