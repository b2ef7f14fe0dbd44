import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, startEmulatorHarness, startProvisionedHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let fresh: EmulatorHarness;
let provisioned: EmulatorHarness;
beforeAll(async () => {
  [fresh, provisioned] = await Promise.all([startEmulatorHarness(), startProvisionedHarness()]);
}, 60_000);
afterAll(() => Promise.all([fresh.close(), provisioned.close()]));

/** The requests that servers of this process receive during some work. */
async function received(work: () => Promise<unknown>): Promise<string[]> {
  const requests: string[] = [];
  const note = (message: unknown): void => {
    const { method, url } = (message as { request: IncomingMessage }).request;
    const { pathname, searchParams } = new URL(url!, 'https://localhost');
    // Azure answers the same to every version that Moat uses
    searchParams.delete('api-version');
    requests.push(`${method} ${pathname} ${searchParams.toString()}`.toLowerCase());
  };
  subscribe('http.server.request.start', note);
  await work().finally(() => unsubscribe('http.server.request.start', note));
  return requests;
}

test.each([
  ['a new environment', () => fresh],
  ['an existing environment', () => provisioned],
])('the preflight of %s reads nothing twice', async (_, harness) => {
  const { activities, ref } = harness();
  const spec = specOf('churn1', { suffix: ref.suffix });
  const requests = await received(() => attempt(activities.preflight, { ref, spec, specHash: 'h1' }));
  const reads = requests.filter((request) => request.startsWith('get '));
  expect(reads.length).toBeGreaterThan(15);
  expect(reads.filter((read, index) => reads.indexOf(read) !== index)).toEqual([]);
});
