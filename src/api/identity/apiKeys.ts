import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../../config/apiKeys.ts';
import { HttpProblem } from '../problems.ts';
import { bearerToken } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';

/** Recognises callers by API keys. Only the hashes of keys are stored. `keys` returns those that are valid now. */
export function authenticateByKey(keys: () => readonly ApiKey[]): Authenticator {
  return async (request) => {
    const secret = bearerToken(request);
    if (secret === undefined) return undefined;
    const hash = createHash('sha256').update(secret).digest();
    const key = keys().find(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), hash));
    if (!key) return undefined;
    const { owner, role, expiresAt } = key;
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
      throw new HttpProblem(
        'Unauthorized',
        `The API key of ${owner} expired at ${expiresAt}. Ask an operator for a new one.`,
      );
    return { name: owner, role, via: 'apiKey' };
  };
}
