import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { expect, onTestFinished, test } from 'vitest';
import { authenticateByToken } from '../../src/api/identity/accessTokens.ts';
import { bearer } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';

const audience = 'urn:moat';
const client = { client_id: 'pipeline', client_secret: 'a secret of this test' };

/** A certified provider on loopback, whose clients get access tokens for Moat. */
async function startProvider(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({ scope: '', audience, accessTokenTTL: 300, accessTokenFormat: 'jwt' }),
      },
    },
    extraTokenClaims: () => ({ roles: ['moat.owner'] }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return issuer;
}

async function tokenOf(issuer: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...client });
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

test('a pipeline creates an environment with an access token of a real provider', async () => {
  const issuer = await startProvider();
  const oidc = { issuer, audience, roleClaim: 'roles', nameClaim: null };
  const { app } = await startApi({ authenticators: [authenticateByToken(oidc)] });
  const headers = bearer(await tokenOf(issuer));
  const created = await app.inject({ method: 'POST', url: '/environments', payload: churn1, headers });
  expect([created.statusCode, created.json().owner]).toEqual([202, 'pipeline']);
  expect((await app.inject({ method: 'POST', url: '/sweeps', headers })).json().code).toBe('Forbidden');
});
