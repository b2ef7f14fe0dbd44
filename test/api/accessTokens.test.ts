import { UnsecuredJWT, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { authenticateByToken } from '../../src/api/identity/accessTokens.ts';
import { authenticateByKey } from '../../src/api/identity/apiKeys.ts';
import { createIssuerKeys } from '../../src/api/identity/issuerKeys.ts';
import type { OidcConfig } from '../../src/config.ts';
import { bearer, keyOf } from './apiKeys.ts';
import { startApi } from './harness.ts';
import { audience, startIssuer } from './localIssuer.ts';

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

/** An API that accepts API keys and tokens; new keys of the issuer are read without a delay. */
async function startWithIssuer(change: Partial<OidcConfig> = {}) {
  const issuer = await startIssuer();
  const sign = await issuer.addKey('key-1');
  const keys = createIssuerKeys(issuer.issuer, 0);
  const authenticators = [
    authenticateByKey(() => [keyOf('bob', 'key-b')]),
    authenticateByToken({ ...issuer.oidc, ...change }, keys),
  ];
  const { app } = await startApi({ authenticators });
  const me = async (token: string) => {
    const answer = await app.inject({ url: '/me', headers: bearer(token) });
    return {
      ...answer.json<Record<string, unknown>>(),
      status: answer.statusCode,
      retryAfter: answer.headers['retry-after'],
    };
  };
  return { ...issuer, sign, me };
}

test('a token gives its name and role, beside API keys', async () => {
  const { sign, me } = await startWithIssuer();
  expect(await me(await sign())).toMatchObject({ status: 200, name: 'ana@example.com', role: 'owner', via: 'oidc' });
  expect(await me('key-b')).toMatchObject({ status: 200, name: 'bob', via: 'apiKey' });
  expect(await me('neither.a.token')).toMatchObject({ status: 401, detail: 'The access token is not valid.' });
  expect(await me('neither')).toMatchObject({ status: 401, detail: 'Unknown API key or token.' });
});

test.each([
  ['expired', { exp: seconds(-120) }, 'The access token has expired. Get a new one.'],
  ['for another audience', { aud: 'api://other' }, 'The access token is for another audience.'],
  ['from another issuer', { iss: 'https://evil.example' }, 'The access token is from another issuer.'],
  ['not valid yet', { nbf: seconds(600) }, 'The claim nbf of the access token is missing or not valid.'],
  ['without an end', { exp: undefined }, 'The claim exp of the access token is missing or not valid.'],
  ['without a subject', { sub: undefined }, 'The claim sub of the access token is missing or not valid.'],
])('a token that is %s is refused with the reason', async (_title, claims, detail) => {
  const { sign, me } = await startWithIssuer();
  expect(await me(await sign(claims))).toMatchObject({ status: 401, code: 'Unauthorized', detail });
});

test('clocks may differ by a minute', async () => {
  const { sign, me } = await startWithIssuer();
  expect((await me(await sign({ exp: seconds(-30), nbf: seconds(-60) }))).status).toBe(200);
  expect((await me(await sign({ nbf: seconds(30) }))).status).toBe(200);
});

test('tokens that anyone can make are refused: no signature, a shared secret, a changed payload, another key', async () => {
  const { issuer, published, sign, addKey, me } = await startWithIssuer();
  const claims = {
    iss: issuer,
    aud: audience,
    sub: 'u-1',
    preferred_username: 'eve',
    roles: ['moat.operator'],
    exp: seconds(300),
  };
  const unsigned = new UnsecuredJWT(claims).encode();
  // the public key as the secret: accepted by a check that lets the token choose the algorithm
  const secret = new TextEncoder().encode(JSON.stringify(published[0]));
  const hs256 = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(secret);
  const [header, payload, signature] = (await sign()).split('.');
  const changed = Buffer.from(Buffer.from(payload!, 'base64url').toString().replace('owner', 'operator')).toString(
    'base64url',
  );
  const stranger = await addKey('key-1', 'RS256', true);
  for (const token of [unsigned, hs256])
    expect(await me(token)).toMatchObject({
      detail: "The algorithm of the access token's signature is not allowed.",
    });
  for (const token of [unsigned, hs256, `${header}.${changed}.${signature}`, await stranger(), `${header}.${payload}.`])
    expect(await me(token)).toMatchObject({ status: 401, code: 'Unauthorized' });
});

test('a rotated key is found; a key that is not published is refused', async () => {
  const { published, sign, addKey, me } = await startWithIssuer();
  expect((await me(await sign())).status).toBe(200);
  published.length = 0;
  const rotated = await addKey('key-2', 'ES256');
  expect((await me(await rotated())).status).toBe(200);
  expect(await me(await sign())).toMatchObject({
    status: 401,
    detail: 'The access token is signed with a key that its issuer does not publish.',
  });
});

test('unknown keys do not make Moat read the keys at every request', async () => {
  const issuer = await startIssuer();
  const sign = await issuer.addKey('key-1');
  const { app } = await startApi({ authenticators: [authenticateByToken(issuer.oidc)] });
  for (let i = 0; i < 20; i++)
    await app.inject({ url: '/me', headers: bearer(await sign({}, { kid: `unknown-${i}` })) });
  expect(issuer.state.keyReads).toBe(1);
});

test('a provider that does not answer is 503, and API keys work; a later request reads it', async () => {
  const { sign, state, issuer, me } = await startWithIssuer();
  const token = await sign();
  state.broken = true;
  expect(await me(token)).toMatchObject({
    status: 503,
    code: 'Unavailable',
    retryAfter: '5',
    detail: expect.stringContaining(issuer),
  });
  expect((await me('key-b')).status).toBe(200);
  state.broken = false;
  state.name = 'https://evil.example';
  expect(await me(token)).toMatchObject({ status: 503, detail: expect.stringContaining('names another issuer') });
  state.name = undefined;
  expect((await me(token)).status).toBe(200);
  state.broken = true;
  expect((await me(token)).status, 'known keys need no provider').toBe(200);
});

test.each([
  [{ roles: ['other', 'moat.reader', 'moat.operator'] }, 'roles', 'operator'],
  [{ roles: 'moat.reader' }, 'roles', 'reader'],
  [{ realm_access: { roles: ['moat.operator'] } }, 'realm_access.roles', 'operator'],
  [{ 'https://moat.example/roles': ['moat.owner'] }, 'https://moat.example/roles', 'owner'],
])('the role is in the claim that the settings name: %j', async (claims, roleClaim, role) => {
  const { sign, me } = await startWithIssuer({ roleClaim });
  expect(await me(await sign(claims))).toMatchObject({ status: 200, role });
});

test.each([
  [{ roles: [] }],
  [{ roles: undefined }],
  [{ roles: ['operator', 'moat.', 'moat.admin'] }],
  [{ roles: { 'moat.operator': true } }],
])('a token without a role of Moat may do nothing: %j', async (claims) => {
  const { sign, me } = await startWithIssuer();
  expect(await me(await sign(claims))).toMatchObject({
    status: 403,
    code: 'Forbidden',
    detail: expect.stringContaining('the claim roles must have one of moat.reader, moat.owner, moat.operator'),
  });
});

test.each([
  [{}, null, 'ana@example.com'],
  [{ preferred_username: undefined, email: 'ana@example.org' }, null, 'ana@example.org'],
  [{ preferred_username: undefined, email: 'ana@example.org', email_verified: false }, null, 'u-1'],
  [{ oid: 'o-1' }, 'oid', 'o-1'],
])('the name of %j with the claim %s is %s', async (claims, nameClaim, name) => {
  const { sign, me } = await startWithIssuer({ nameClaim });
  expect(await me(await sign(claims))).toMatchObject({ status: 200, name });
});

test.each([
  [{ preferred_username: 'auth0|1' }, null],
  [{ preferred_username: 'x'.repeat(129) }, null],
  [{ preferred_username: ['ana'] }, null],
  [{}, 'oid'],
])('a token whose name cannot be an owner is refused: %j %s', async (claims, nameClaim) => {
  const { sign, me } = await startWithIssuer({ nameClaim });
  expect(await me(await sign(claims))).toMatchObject({
    status: 403,
    detail: expect.stringContaining('no usable name'),
  });
});
