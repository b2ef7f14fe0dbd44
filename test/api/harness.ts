import { onTestFinished } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { AppDeps } from '../../src/api/app.ts';
import type { ApiConfig, App } from '../../src/api/route.ts';
import { FakeEnvironments } from './fakeEnvironments.ts';

const config: ApiConfig = {
  target: { kind: 'emulator', endpoint: 'https://127.0.0.1:8743', caFile: '/nowhere/ca.pem', timeScale: 1 / 60 },
  subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
  api: { host: '127.0.0.1', port: 0, keys: null },
  lease: { defaultTtl: '8h', maxTtl: '7d' },
};

/** The API over environments in memory; it closes when the test ends. */
export async function startApi(
  change: { keys?: ApiConfig['api']['keys']; logger?: AppDeps['logger'] } = {},
): Promise<{ app: App; environments: FakeEnvironments }> {
  const environments = new FakeEnvironments();
  const app = await buildApp({
    environments,
    config: { ...config, api: { ...config.api, keys: change.keys ?? null } },
    version: '0.1.0',
    ...(change.logger !== undefined && { logger: change.logger }),
  });
  onTestFinished(() => app.close());
  return { app, environments };
}

export const churn1 = { name: 'churn1', location: 'westus2' };
