import { createHash } from 'node:crypto';
import type { ApiKey } from '../../src/config/apiKeys.ts';

/** A line of the file of API keys, for the key `secret`. */
export const keyOf = (owner: string, secret: string, change: Partial<ApiKey> = {}): ApiKey => ({
  owner,
  sha256: createHash('sha256').update(secret).digest('hex'),
  role: 'owner',
  expiresAt: null,
  ...change,
});

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
