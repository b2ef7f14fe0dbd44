import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { authenticateByKey } from '../../src/api/identity/apiKeys.ts';
import { callerOf } from '../../src/api/identity/claims.ts';
import { authenticateBySession } from '../../src/api/signIn/authenticateBySession.ts';
import { cookieCipherOf } from '../../src/api/signIn/cookieCipher.ts';
import { createIdentityProvider } from '../../src/api/signIn/identityProvider.ts';
import { createSessions } from '../../src/api/signIn/sessions.ts';
import type { SignIn } from '../../src/api/signIn/signIn.ts';
import type { App } from '../../src/api/route.ts';
import { clientId, confidential, signInAt, startIdentityProvider } from '../support/identityProvider.ts';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, sessions, startApi } from './harness.ts';

const publicUrl = 'http://127.0.0.1:3999';
const redirectUri = `${publicUrl}/auth/callback`;
const keys = [keyOf('ana', 'key-a')];

const publicClient = { clientId, clientSecret: null };

let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
beforeAll(async () => {
  provider = await startIdentityProvider(redirectUri);
});
afterAll(() => provider?.close());

function start(issuer = provider.issuer, asClient: { clientId: string; clientSecret: string | null } = publicClient) {
  const oidc = { issuer, audience: 'moat', roleClaim: 'roles', nameClaim: null };
  const client = createIdentityProvider({ issuer, ...asClient, redirectUri });
  const signIn: SignIn = {
    sessions,
    apiKeys: true,
    provider: { client, callerOf: (claims) => callerOf(claims, oidc, 'session') },
    publicUrl,
  };
  return startApi({ keys, signIn });
}

/** Cookies that an answer sets, as a browser sends them. */
const cookiesOf = ({ cookies }: { cookies: { name: string; value: string }[] }): Record<string, string> =>
  Object.fromEntries(cookies.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]));

async function signIn(app: App, choice: string, returnTo = '/console/sweeps?x=1') {
  const begun = await app.inject({ url: '/auth/login', query: { returnTo } });
  const callback = await signInAt(String(begun.headers.location), choice);
  const { pathname, search } = callback;
  return { begun, callback, finished: await app.inject({ url: pathname + search, cookies: cookiesOf(begun) }) };
}

test('signing in at the provider opens a session with the role of the account, and returns to the page', async () => {
  const { app } = await start();
  const { begun, finished } = await signIn(app, 'ana');
  const asked = new URL(String(begun.headers.location)).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({ code_challenge_method: 'S256', response_type: 'code' });
  expect([finished.statusCode, finished.headers.location]).toEqual([302, '/console/sweeps?x=1']);
  const cookie = finished.cookies.find(({ name }) => name === 'moat-session');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 8 * 3600 });
  const me = await app.inject({ url: '/me', cookies: cookiesOf(finished) });
  expect(me.json()).toMatchObject({ name: 'ana', role: 'owner', via: 'session' });
  const made = await app.inject({
    method: 'POST',
    url: '/environments',
    payload: churn1,
    cookies: cookiesOf(finished),
  });
  expect([made.statusCode, made.json().owner]).toEqual([202, 'ana']);

  const ended = await app.inject({ method: 'POST', url: '/auth/logout', cookies: cookiesOf(finished) });
  expect([ended.statusCode, cookiesOf(ended)]).toEqual([204, {}]);
  expect(ended.cookies).toMatchObject([{ name: 'moat-session', value: '' }]);
});

test('a client with a secret signs users in too, and one with a wrong secret does not', async () => {
  const { app } = await start(provider.issuer, confidential);
  expect((await signIn(app, 'ana')).finished.headers.location).toBe('/console/sweeps?x=1');
  const wrong = await start(provider.issuer, { ...confidential, clientSecret: 'another secret' });
  expect((await signIn(wrong.app, 'ana')).finished.headers.location).toBe('/console/?signIn=failed');
});

test.each([
  ['cancel', 'denied'],
  ['guest', 'forbidden'],
])('an account that does not sign in, or has no role, gets no session: %s', async (choice, reason) => {
  const { app } = await start();
  const { finished } = await signIn(app, choice);
  expect(finished.headers.location).toBe(`/console/?signIn=${reason}`);
  expect(cookiesOf(finished)).toEqual({});
});

test('an answer of the provider counts only in the browser that asked for it, and once', async () => {
  const { app } = await start();
  const [one, other] = [await signIn(app, 'ana'), await signIn(app, 'bob')];
  const { pathname, search } = other.callback;
  const url = pathname + search;
  const without = await app.inject({ url });
  expect([without.headers.location, cookiesOf(without)]).toEqual(['/console/?signIn=expired', {}]);
  for (const begun of [one.begun, other.begun]) {
    const repeated = await app.inject({ url, cookies: cookiesOf(begun) });
    expect([repeated.headers.location, cookiesOf(repeated)]).toEqual(['/console/?signIn=failed', {}]);
  }
});

test.each([
  'https://evil.example/console/',
  '//evil.example/console/',
  String.raw`/\evil.example/console/`,
  '/\t/evil.example/console/',
  '/console/../../environments',
  '/environments',
  'javascript:alert(1)',
])('the sign-in does not return to %s', async (returnTo) => {
  const { app } = await start();
  const answer = await app.inject({ url: '/auth/login', query: { returnTo } });
  expect([answer.statusCode, answer.json().code, answer.headers.location]).toEqual([400, 'BadRequest', undefined]);
});

test('a provider that does not answer is reported, and asked again later', async () => {
  const { app } = await start('http://127.0.0.1:1');
  for (let i = 0; i < 2; i++) {
    const answer = await app.inject('/auth/login');
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'Unavailable', '10']);
  }
});

test('a key opens a session, with the rights of the key until the key is removed', async () => {
  const valid = [...keys];
  const { app } = await startApi({ keys: valid });
  const opened = await app.inject({ method: 'POST', url: '/auth/session', headers: bearer('key-a') });
  expect(opened.statusCode).toBe(204);
  const cookies = cookiesOf(opened);
  expect(JSON.stringify(cookies)).not.toContain('key-a');
  const me = () => app.inject({ url: '/me', cookies });
  expect((await me()).json()).toMatchObject({ name: 'ana', role: 'owner', via: 'session' });
  valid[0] = { ...valid[0]!, role: 'reader' };
  expect((await me()).json()).toMatchObject({ name: 'ana', role: 'reader' });
  valid.length = 0;
  expect((await me()).statusCode).toBe(401);
});

test('a wrong key opens no session, also in a browser that has one', async () => {
  const { app } = await startApi({ keys });
  const opened = await app.inject({ method: 'POST', url: '/auth/session', headers: bearer('key-a') });
  const wrong = { method: 'POST', url: '/auth/session', headers: bearer('key-x'), cookies: cookiesOf(opened) } as const;
  expect((await app.inject(wrong)).statusCode).toBe(401);
});

test('where browsers reach Moat by https, the cookie is of one host, and sent by https only', async () => {
  const cipher = cookieCipherOf('0123456789abcdef0123456789abcdef');
  const secure = createSessions({ cipher, lifetimeMs: 60_000, secure: true });
  const { app } = await startApi({
    authenticators: [authenticateByKey(() => keys), authenticateBySession(secure, () => keys)],
    signIn: { sessions: secure, apiKeys: true, provider: null, publicUrl: 'https://moat.example.com' },
  });
  const opened = await app.inject({ method: 'POST', url: '/auth/session', headers: bearer('key-a') });
  expect(opened.cookies).toMatchObject([{ name: '__Host-moat-session', secure: true, httpOnly: true, path: '/' }]);
  expect((await app.inject({ url: '/me', cookies: cookiesOf(opened) })).statusCode).toBe(200);
});

test('a session expires, and what is not from this installation is no session', async () => {
  const { app } = await startApi({ keys });
  const opened = await app.inject({ method: 'POST', url: '/auth/session', headers: bearer('key-a') });
  const cookies = cookiesOf(opened);
  const status = async (value = cookies['moat-session']!) =>
    (await app.inject({ url: '/me', cookies: { 'moat-session': value } })).statusCode;
  expect(await status()).toBe(200);
  expect(await status(`${cookies['moat-session']!.slice(0, -2)}xx`)).toBe(401);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 3_600_000 + 1000 });
  const later = await status();
  vi.useRealTimers();
  expect(later).toBe(401);
});

test('the attempt to sign in is no session', async () => {
  const cipher = cookieCipherOf('0123456789abcdef0123456789abcdef');
  const text = await cipher.encrypt('signIn', { session: 1 }, 60_000);
  expect(await cipher.decrypt('signIn', text)).toMatchObject({ session: 1 });
  expect(await cipher.decrypt('session', text)).toBeUndefined();
  const { app } = await start();
  const begun = await app.inject('/auth/login');
  const value = Object.values(cookiesOf(begun))[0]!;
  expect((await app.inject({ url: '/me', cookies: { 'moat-session': value } })).statusCode).toBe(401);
});

test('pages of other sites cannot use a session', async () => {
  const { app, environments } = await startApi({ keys, config: { publicUrl: 'https://moat.example.com' } });
  const opened = await app.inject({ method: 'POST', url: '/auth/session', headers: bearer('key-a') });
  const post = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/environments', payload: churn1, cookies: cookiesOf(opened), headers });
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }])
    expect((await post(headers)).json().code).toBe('ForeignRequest');
  expect(environments.all.size).toBe(0);
  // Behind a proxy that sends another Host header.
  expect((await post({ host: 'api:3000', origin: 'https://moat.example.com' })).statusCode).toBe(202);
  expect(opened.headers['strict-transport-security']).toBe('max-age=31536000');
});

const methods = async (app: App): Promise<unknown> => (await app.inject('/auth')).json();

test('GET /auth names the ways to sign in', async () => {
  expect(await methods((await start()).app)).toEqual({ required: true, apiKey: true, login: '/auth/login' });
  expect(await methods((await startApi({ keys })).app)).toEqual({ required: true, apiKey: true, login: null });
  expect(await methods((await startApi()).app)).toEqual({ required: false, apiKey: false, login: null });
});
