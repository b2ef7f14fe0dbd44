import { readFile, stat } from 'node:fs/promises';
import { ClientSecretCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { location, send, useArm } from './armHarness.ts';

const arm = useArm(undefined, { allowedHosts: ['emulator'] });

test('the SDK signs in with a client secret and gets a token with the tenant in it', async () => {
  const { url, caPem, tenantId } = arm.emulator;
  const credential = new ClientSecretCredential(tenantId, 'app-1', 'any secret', {
    authorityHost: url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: caPem },
  });
  const { token } = await credential.getToken('https://management.azure.com/.default');
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  expect(claims).toMatchObject({ tid: tenantId, appid: 'app-1' });
  expect(Number(claims['exp'])).toBeGreaterThan(Date.now() / 1000);
  const groups = await arm.send('GET', `${arm.subscription}/resourcegroups`, undefined, {
    authorization: `Bearer ${token}`,
  });
  expect(groups.status).toBe(200);
});

/** The ids that follow the word tenant in a document, each once. */
async function tenantsIn(file: string): Promise<string[]> {
  const ids = (await readFile(file, 'utf8')).matchAll(/tenant,? [^'`\n]*?['`]?([0-9a-f]{8}-[0-9a-f-]{27})/gi);
  return [...new Set([...ids].map(([, id]) => id!))];
}

test('everything belongs to one tenant, whichever a client signs in to, and the documents name it', async () => {
  const { tenantId } = arm.emulator;
  const token = await send(arm.emulator, 'POST', '/contoso.onmicrosoft.com/oauth2/v2.0/token', {
    body: 'client_id=app-1&client_secret=x&grant_type=client_credentials',
  });
  const claims = JSON.parse(Buffer.from(token.body.access_token.split('.')[1], 'base64url').toString());
  const group = arm.group('tenants');
  await arm.put(group, { location });
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai`;
  const challenge = await arm.send('GET', arm.subscription, undefined, { authorization: '' });
  expect({
    token: claims.tid,
    tenants: (await arm.send('GET', '/tenants')).body.value.map((one: { tenantId: string }) => one.tenantId),
    subscription: (await arm.send('GET', arm.subscription)).body.tenantId,
    identity: (await arm.send('PUT', identity, { location })).body.properties.tenantId,
    challenge: /authorization_uri="[^"]*\/([^"/]+)"/.exec(challenge.headers['www-authenticate'] ?? '')?.[1],
    documents: await tenantsIn('docs/emulator.md'),
  }).toEqual({
    token: tenantId,
    tenants: [tenantId],
    subscription: tenantId,
    identity: tenantId,
    challenge: tenantId,
    documents: [tenantId],
  });
});

test('az finds the cloud metadata in the form of its api-version', async () => {
  const get = (version: string): ReturnType<typeof send> =>
    send(arm.emulator, 'GET', `/metadata/endpoints?api-version=${version}`);
  const { url } = arm.emulator;
  expect((await get('2015-01-01')).body.authentication.loginEndpoint).toBe(url);
  expect((await get('2019-05-01')).body[0]).toMatchObject({
    resourceManager: url,
    authentication: { loginEndpoint: url },
  });
  expect((await get('2022-09-01')).body).toMatchObject({ resourceManager: url });
});

test('URLs in replies follow the Host header', async () => {
  const host = `emulator:${arm.emulator.port}`;
  const answer = await send(arm.emulator, 'GET', '/common/v2.0/.well-known/openid-configuration', {
    headers: { host },
  });
  expect(answer.body.token_endpoint).toMatch(new RegExp(`^https://${host}/[^/]+/oauth2/v2.0/token$`));
});

test('a foreign Host header is refused on every route', async () => {
  for (const path of ['/subscriptions?api-version=2022-12-01', '/_emulator/health', '/metadata/endpoints']) {
    const answer = await send(arm.emulator, 'GET', path, { headers: { host: 'evil.example.com' } });
    expect(answer.status).toBe(421);
    expect(answer.body.error.message).toContain('evil.example.com');
  }
});

test('a request without a token is answered with the sign-in address', async () => {
  const answer = await arm.send('GET', arm.subscription, undefined, { authorization: '' });
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toContain('authorization_uri=');
});

test('subscriptions, tenants and regions are listed', async () => {
  const subscriptions = await arm.send('GET', '/subscriptions');
  expect(subscriptions.body.value[0]).toMatchObject({
    subscriptionId: arm.subscriptionId,
    state: 'Enabled',
    tenantId: arm.emulator.tenantId,
  });
  const tenants = await arm.send('GET', '/tenants');
  expect(tenants.body.value[0].tenantId).toBe(arm.emulator.tenantId);
  const locations = await arm.send('GET', `${arm.subscription}/locations`);
  expect(locations.body.value.map(({ name }: { name: string }) => name)).toContain('westus2');
  const other = await arm.send('GET', '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups');
  expect([other.status, other.body.error.code]).toEqual([404, 'SubscriptionNotFound']);
});

test('the authority survives a restart and its key is readable by its owner alone', async () => {
  const before = arm.emulator.caPem;
  const certificate = (): Promise<string> => readFile(`${arm.directory}/emulator.pem`, 'utf8');
  const own = await certificate();
  await arm.restart();
  expect(await certificate()).toBe(own);
  expect(arm.emulator.caPem).toBe(before);
  expect(await readFile(arm.emulator.caPath, 'utf8')).toBe(before);
  const { mode } = await stat(`${arm.directory}/emulator-ca.key`);
  expect(mode & 0o777).toBe(0o600);
  await arm.restart({ allowedHosts: ['emulator', 'another'] });
  expect(await certificate()).not.toBe(own);
});
