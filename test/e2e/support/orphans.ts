import { createHmac } from 'node:crypto';
import type { createArmClient } from './arm.ts';

/** The installation that the groups belong to, as settings of `startMoat`. */
export const installation = {
  MOAT_SEAL_KEY: 'key of the installation under test',
  AZURE_SUBSCRIPTION_ID: '11111111-2222-4333-8444-555555555555',
};

const { MOAT_SEAL_KEY: sealKey, AZURE_SUBSCRIPTION_ID: subscription } = installation;
const api = '2021-04-01';
const hour = 3_600_000;

const groupPath = (name: string): string => `/subscriptions/${subscription}/resourcegroups/rg-moat-${name}`;

/** The seal of an environment's group, by the key of an installation. */
export const sealOf = (name: string, key = sealKey): string =>
  createHmac('sha256', key)
    .update([subscription, `rg-moat-${name}`, name].join('\n'))
    .digest('hex');

/** Tags of a group without a workflow, whose lease expired so many hours ago and which was marked an hour later. */
export const orphanTags = (name: string, expiredHours: number): Record<string, string> => ({
  'moat-environment': name,
  'moat-owner': 'ana',
  'moat-expires-at': new Date(Date.now() - expiredHours * hour).toISOString(),
  ...(expiredHours > 0 ? { 'moat-marked-at': new Date(Date.now() - (expiredHours - 1) * hour).toISOString() } : {}),
  'moat-spec': 'unknown',
  'moat-state': 'ready',
  'moat-seal': sealOf(name),
});

/** Reads and writes the groups of environments directly in the emulator. */
export const groupsOf = (arm: ReturnType<typeof createArmClient>) => ({
  put: (name: string, tags: Record<string, string>) => arm('PUT', groupPath(name), api, { location: 'westus2', tags }),
  exists: async (name: string): Promise<boolean> => (await arm('GET', groupPath(name), api)).status !== 404,
  tagsOf: async (name: string): Promise<Record<string, string> | undefined> =>
    ((await arm('GET', groupPath(name), api)).body as { tags?: Record<string, string> }).tags,
});
