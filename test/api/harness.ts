import { expect, onTestFinished } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { AppDeps } from '../../src/api/app.ts';
import { proofKeyOf } from '../../src/api/proof/proofKey.ts';
import { schedule } from '../../src/api/sweeps/sweepExamples.ts';
import { authenticateByKey } from '../../src/api/identity/apiKeys.ts';
import { authenticateBySession } from '../../src/api/signIn/authenticateBySession.ts';
import { cookieCipherOf } from '../../src/api/signIn/cookieCipher.ts';
import type { SignIn } from '../../src/api/signIn/signIn.ts';
import { createSessions } from '../../src/api/signIn/sessions.ts';
import type { ApiConfig, App } from '../../src/api/route.ts';
import type { ApiKey } from '../../src/config/apiKeys.ts';
import { contractOf } from './contract.ts';
import { FakeSweeps } from './fakeSweeps.ts';
import { FakeMoves } from './fakeMoves.ts';
import { FakePlans } from './fakePlans.ts';
import { FakeEnvironments } from './fakeEnvironments.ts';

const config: ApiConfig = {
  target: { kind: 'emulator', endpoint: 'https://127.0.0.1:8743', caFile: '/nowhere/ca.pem', timeScale: 1 / 60 },
  subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
  lease: { defaultTtl: '8h', maxTtl: '7d' },
  allowPrivateRepositories: false,
  publicUrl: null,
  limits: { requestsPerMinute: 0, streams: { total: 1000, perCaller: 50 } },
  policy: { everybody: { environments: null, locations: null, instanceTypes: null, maxTtl: '7d' }, owners: {} },
};

/** Sessions of the console, encrypted with a key of the test. */
export const sessions = createSessions({
  cipher: cookieCipherOf('the seal key of this test, which has 32 characters'),
  lifetimeMs: 8 * 3_600_000,
  secure: false,
});

/** The API over environments in memory. It closes when the test ends; every answer must match its OpenAPI document. */
export async function startApi(
  change: {
    keys?: ApiKey[];
    config?: Partial<ApiConfig>;
    signIn?: SignIn;
    authenticators?: AppDeps['authenticators'];
    logger?: AppDeps['logger'];
    codec?: AppDeps['codec'];
    consoleDirectory?: string;
    targetReady?: AppDeps['targetReady'];
  } = {},
): Promise<{ app: App; environments: FakeEnvironments; sweeps: FakeSweeps; plans: FakePlans; moves: FakeMoves }> {
  const { keys = [] } = change;
  const byKey = [authenticateByKey(() => keys), authenticateBySession(sessions, () => keys)];
  const authenticators = change.authenticators ?? (change.keys ? byKey : []);
  const signIn = change.signIn ?? { sessions, apiKeys: true, provider: null, publicUrl: null };
  const environments = new FakeEnvironments();
  const sweeps = new FakeSweeps();
  const plans = new FakePlans();
  const moves = new FakeMoves(environments);
  const app = await buildApp({
    environments,
    sweeps,
    sweepSchedule: async () => schedule,
    plans,
    moves,
    config: { ...config, ...change.config },
    authenticators,
    signIn: authenticators.length === 0 ? null : signIn,
    version: '0.1.0',
    temporal: { address: '127.0.0.1:7233', namespace: 'default', ui: 'http://localhost:8233' },
    proofKey: proofKeyOf('the seal key of this test, which has 32 characters'),
    consoleDirectory: change.consoleDirectory ?? '/nowhere/console',
    targetReady: change.targetReady ?? (async () => true),
    ...(change.logger !== undefined && { logger: change.logger }),
    ...(change.codec !== undefined && { codec: change.codec }),
  });
  const breaches: string[] = [];
  let check: ReturnType<typeof contractOf> | undefined;
  app.addHook('onSend', async (request, reply, payload) => {
    check ??= contractOf(app);
    const contentType = reply.getHeader('content-type')?.toString();
    const { url: route } = request.routeOptions;
    const body = typeof payload === 'string' ? payload : '';
    breaches.push(...check({ method: request.method, route, status: reply.statusCode, contentType, body }));
  });
  onTestFinished(async () => {
    await app.close();
    expect(breaches).toEqual([]);
  });
  return { app, environments, sweeps, plans, moves };
}

export const churn1 = { name: 'churn1', location: 'westus2' };
