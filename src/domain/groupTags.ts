/** Names of the tags on an environment's resource group, the source of truth for what exists. */
export const tagNames = {
  environment: 'moat-environment',
  owner: 'moat-owner',
  expiresAt: 'moat-expires-at',
  markedAt: 'moat-marked-at',
  protected: 'moat-protected',
  spec: 'moat-spec',
  state: 'moat-state',
  seal: 'moat-seal',
} as const;

/** The tags of an environment, without the seal: the worker adds it, because it has the installation's key. `null` removes a tag. */
export interface GroupTags {
  environment?: string;
  owner?: string;
  expiresAt?: string;
  markedAt?: string | null;
  protected?: string | null;
  spec?: string;
  state?: string;
  /** the existing resources that the environment uses, by key; see `usesTags` */
  uses?: Readonly<Record<string, string>>;
}

/** Whose seal a group carries: this installation's, another one's, none, or a value that is no seal (trimmed or overwritten). */
export type SealState = 'own' | 'foreign' | 'missing' | 'altered';

/** Azure allows so many tags on a resource group (Azure docs: tag limits). */
export const maximumTags = 50;

/** Tags by name, as ARM has them. */
export type WireTags = Readonly<Record<string, string>>;

/** A tag's value. Azure ignores the case of tag names and keeps the one that was written first. */
export function tagOf(tags: WireTags, name: string): string | undefined {
  const found = Object.keys(tags).find((one) => one.toLowerCase() === name);
  return found === undefined ? undefined : tags[found];
}

/** The tags of an environment as found; null where one is missing. */
export interface FoundTags {
  owner: string | null;
  spec: string | null;
  state: string | null;
  /** the lease, as in the tags */
  expiresAt: string | null;
  markedAt: string | null;
  /** the tag's value: why it is protected, or `true` */
  protected: string | null;
}

/**
 * Reads an environment's tags. Policies change the case of tag values too (Azure/Community-Policy#490), so values get the case that Moat
 * writes wherever it is known.
 */
export function readTags(tags: WireTags): FoundTags {
  const read = (member: keyof typeof tagNames): string | null => tagOf(tags, tagNames[member]) ?? null;
  const owner = read('owner');
  const protection = read('protected');
  return {
    owner: owner?.includes('@') ? owner.toLowerCase() : owner,
    spec: read('spec')?.toLowerCase() ?? null,
    state: read('state')?.toLowerCase() ?? null,
    // the only letters of a time in ISO 8601 are T and Z
    expiresAt: read('expiresAt')?.toUpperCase() ?? null,
    markedAt: read('markedAt')?.toUpperCase() ?? null,
    protected: protection?.toLowerCase() === 'true' ? 'true' : protection,
  };
}
