import { createHash } from 'node:crypto';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { localCaller } from '../../src/domain/roles.ts';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import type { EnvironmentRequests, Environments } from '../../src/temporal/contracts.ts';

export const subscriptionId = '00000000-0000-4000-8000-000000000001';

export const hour = 3_600_000;

/** Sweep settings with a grace period of one hour. */
export const sweepSettings = (): SweepSettings => ({
  mode: 'on',
  policy: { graceMs: hour, cap: null, dailyCap: null, subscriptionIds: [subscriptionId] },
  timing: { intervalMs: hour, catchUpMs: hour },
  target: 'emulator',
  webhook: true,
});

export const specOf = (name: string, change: Partial<Spec> = {}): Spec => ({
  name,
  location: 'westus2',
  // derived from the name: two environments cannot share a suffix
  suffix: createHash('sha256').update(name).digest('hex').slice(0, 8),
  owner: 'ana@example.com',
  ttl: '8h',
  ...specDefaults,
  ...change,
});

/** The reads, and the requests of a caller that may do everything. */
export const withRequests = (environments: Environments): Environments & EnvironmentRequests => ({
  ...environments,
  ...environments.as(localCaller),
});

export const refNamed = (name: string): EnvironmentRef => environmentRefOf(subscriptionId, specOf(name));
