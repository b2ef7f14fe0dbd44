import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWK, JWTPayload } from 'jose';
import { onTestFinished } from 'vitest';
import type { OidcConfig } from '../../src/config.ts';

export const audience = 'api://moat';

/** An issuer of tokens on loopback: discovery document and keys over http. It closes when the test ends. */
export async function startIssuer() {
  const published: JWK[] = [];
  const state = { broken: false, name: undefined as string | undefined, keyReads: 0 };
  const server = createServer(({ url }, response) => {
    if (state.broken) return response.writeHead(500).end('database is down');
    if (url === '/keys') state.keyReads += 1;
    const document = { issuer: state.name ?? issuer, jwks_uri: `${issuer}/keys` };
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(url === '/keys' ? { keys: published } : document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: OidcConfig = { issuer, audience, roleClaim: 'roles', nameClaim: null };

  /** A key pair whose public half is published unless `hidden`. */
  async function addKey(kid: string, alg = 'RS256', hidden = false) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    if (!hidden) published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
    return (
      claims: { [Claim in keyof JWTPayload]?: unknown } = {},
      header: { alg?: string; kid?: string } = {},
    ): Promise<string> => {
      const now = Math.floor(Date.now() / 1000);
      const usual = {
        sub: 'u-1',
        preferred_username: 'ana@example.com',
        roles: ['moat.owner'],
        iat: now,
        exp: now + 300,
      };
      return new SignJWT({ iss: issuer, aud: audience, ...usual, ...claims } as JWTPayload)
        .setProtectedHeader({ alg, kid, typ: 'JWT', ...header })
        .sign(privateKey);
    };
  }

  return { issuer, oidc, published, state, addKey };
}
