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
}
