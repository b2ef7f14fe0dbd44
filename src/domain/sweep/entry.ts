/** One environment in a sweep, with the reason why it is in its list. */
export interface SweepEntry {
  /** the environment's name, or the group's where that is not the name of an environment's group */
  name: string;
  subscriptionId: string;
  owner: string | null;
  expiresAt: string | null;
  reason: string;
}

/** Identifies an entry across sweeps. */
export const entryKey = ({ subscriptionId, name }: Pick<SweepEntry, 'subscriptionId' | 'name'>): string =>
  `${subscriptionId.toLowerCase()}/${name}`;
