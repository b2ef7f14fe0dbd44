import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Everybody who can sign in, with what the claim `roles` has. */
const accounts: Readonly<Record<string, string[]>> = {
  ana: ['moat.owner', 'other.admin'],
  bob: ['moat.owner'],
  eve: ['moat.reader'],
  root: ['moat.operator'],
  guest: ['other.admin'],
};

export const clientId = 'moat-console';
/** Of a client that has a secret. */
export const confidential = { clientId: 'moat-server', clientSecret: 'the secret of a client' };

/** An OpenID Connect provider on loopback, for tests. Its sign-in page has a link for each account, and one to cancel. */
export async function startIdentityProvider(redirectUri: string) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    clients: [
      { client_id: clientId, redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
      {
        client_id: confidential.clientId,
        client_secret: confidential.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }] },
    cookies: { keys: ['of this test'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles'], email: ['email'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: `subject-of-${id}`, preferred_username: id, roles: accounts[id] ?? [] }),
    }),
    loadExistingGrant: grantAll,
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    const [, uid, choice] = /^\/interaction\/([\w-]+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? [];
    if (uid === undefined) void handle(request, response);
    else if (choice === undefined) response.setHeader('content-type', 'text/html').end(signInPage(uid));
    else {
      const result = choice === 'cancel' ? { error: 'access_denied' } : { login: { accountId: choice } };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
  });
  return {
    issuer,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const signInPage = (uid: string): string =>
  `<!doctype html><title>Provider</title><link rel="icon" href="data:,"><h1>Provider</h1>${[
    ...Object.keys(accounts),
    'cancel',
  ]
    .map((choice) => `<p><a href="/interaction/${uid}/${choice}">${choice}</a></p>`)
    .join('')}`;

/** Nobody is asked for consent. */
async function grantAll({ oidc }: KoaContextWithOIDC) {
  const { Grant } = oidc.provider;
  const grant = new Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

/** What a browser does from the provider's address `start` on, until it is sent back: returns that address. */
export async function signInAt(start: string, choice: string): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = new URL(start); ;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (location === null && response.status !== 200) throw new Error(`${response.status} at ${url.href}`);
    const next: URL = location === null ? new URL(`${url.href}/${choice}`) : new URL(location, url);
    if (next.origin !== new URL(start).origin) return next;
    url = next;
  }
}
