import type { ApiKey } from '../../config/apiKeys.ts';
import { bearerToken } from '../identity/authenticator.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Sessions } from './sessions.ts';

/**
 * Recognises callers by the session of the console. A session that was opened with an API key has that key's present role, and ends with the key; the role of
 * an account is that of the time of its sign-in. `keys` returns those of the file now.
 */
export function authenticateBySession(sessions: Sessions, keys: () => readonly ApiKey[]): Authenticator {
  return async (request) => {
    // What is sent on purpose counts, also where it is refused.
    if (bearerToken(request) !== undefined) return undefined;
    const session = await sessions.read(request);
    if (session?.kind === 'account') return { name: session.name, role: session.role, via: 'session' };
    if (session === undefined) return undefined;
    const key = keys().find(({ sha256 }) => sha256 === session.sha256);
    if (!key || (key.expiresAt !== null && Date.parse(key.expiresAt) <= Date.now())) return undefined;
    return { name: key.owner, role: key.role, via: 'session' };
  };
}
