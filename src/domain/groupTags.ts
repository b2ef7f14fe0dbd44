/** The tags on an environment's resource group: the truth about what exists. */
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

/** What the tags tell of an environment; the seal is added where the installation's key is. `null` removes a tag. */
export interface GroupTags {
  environment?: string;
  owner?: string;
  expiresAt?: string;
  markedAt?: string | null;
  protected?: string | null;
  spec?: string;
  state?: string;
}
