import type { AppDeps } from '../api/app.ts';
import { authenticateByToken } from '../api/identity/accessTokens.ts';
import { authenticateByKey } from '../api/identity/apiKeys.ts';
import { callerOf } from '../api/identity/claims.ts';
import { authenticateBySession } from '../api/signIn/authenticateBySession.ts';
import { cookieCipherOf } from '../api/signIn/cookieCipher.ts';
import { createIdentityProvider } from '../api/signIn/identityProvider.ts';
import type { SignIn } from '../api/signIn/signIn.ts';
import { createSessions } from '../api/signIn/sessions.ts';
import { createApiKeys } from '../config/apiKeysFile.ts';
import type { Config } from '../config.ts';

/** How callers are recognised, and how users of the console sign in; no authentication where neither keys nor a provider are configured. */
export function createAuthentication(
  config: Config,
  report: (message: string) => void,
): Pick<AppDeps, 'authenticators' | 'signIn'> {
  const { publicUrl, session, sealKey } = config;
  const { keysFile, oidc } = config.api;
  if (keysFile === null && oidc === null) return { authenticators: [], signIn: null };
  const keys = keysFile === null ? () => [] : createApiKeys(keysFile, report);
  const sessions = createSessions({
    cipher: cookieCipherOf(sealKey),
    lifetimeMs: session.lifetimeMs,
    secure: publicUrl?.startsWith('https:') ?? false,
  });
  return {
    authenticators: [
      ...(keysFile === null ? [] : [authenticateByKey(keys)]),
      ...(oidc === null ? [] : [authenticateByToken(oidc)]),
      authenticateBySession(sessions, keys),
    ],
    signIn: { sessions, apiKeys: keysFile !== null, provider: providerOf(config), publicUrl },
  };
}

function providerOf({ api: { oidc }, session: { client }, publicUrl }: Config): SignIn['provider'] {
  if (oidc === null || client === null || publicUrl === null) return null;
  const { issuer } = oidc;
  return {
    client: createIdentityProvider({
      issuer,
      clientId: client.id,
      clientSecret: client.secret,
      redirectUri: `${publicUrl}/auth/callback`,
    }),
    callerOf: (claims) => callerOf(claims, oidc, 'session'),
  };
}
