import { Client, Connection } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import type { EnvironmentRecord, Lease, Proof, ProofRow } from '../../src/domain/environment.ts';
import type { Failure } from '../../src/domain/failures.ts';
import { createDataConverter } from '../../src/temporal/dataConverter.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

const hour = 3_600_000;
const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();

const row = (check: string, verdict: ProofRow['verdict'], observed: string): ProofRow => ({
  check,
  from: 'arm',
  expected: 'Disabled',
  observed,
  at: at(-1),
  verdict,
});
const proofOf = (...rows: ProofRow[]): Proof => ({
  at: at(-1),
  complete: rows.every(({ verdict }) => verdict === 'passed'),
  rows,
  changes: [],
});
const passed = row('public access of the registry', 'passed', 'Disabled');
const failure: Failure = {
  type: 'Quota',
  code: 'OutOfQuota',
  message: 'Standard_DS3_v2 needs 8 cores of Standard DSv2 in westus2; 6 are left.',
  remedy: 'request more with az quota update, or use another instanceType',
  correlationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  step: 'endpoint',
  log: null,
};
const blockers = [
  {
    resource: '/subscriptions/1/resourceGroups/rg-moat-blocked',
    reason: 'the lock keep on resource group rg-moat-blocked forbids its deletion',
    command: 'az lock delete --name keep --resource-group rg-moat-blocked',
  },
];
const run = (kind: 'provision' | 'teardown', finishedAt: string | null) => ({
  id: `${kind}-1`,
  kind,
  startedAt: at(-1),
  finishedAt,
  requestedBy: 'ana@example.com',
});
const leases: Record<string, Partial<Lease>> = {
  protected: {
    protected: true,
    reason: 'demo until Friday',
    lastChange: { kind: 'protected', by: 'maria.gonzalez@contoso.example', at: at(-2) },
  },
  renewed: { lastChange: { kind: 'renewed', by: 'ci-nightly', at: at(-2) } },
  expired: { expiresAt: at(-3), markedAt: at(-2) },
};
const environments: Record<string, Partial<EnvironmentRecord>> = {
  provisioning: { state: 'provisioning', run: run('provision', null) },
  renewed: { proof: proofOf(passed) },
  protected: { proof: proofOf(passed, row('outbound rules', 'inconclusive', 'not readable')) },
  broken: { proof: proofOf(passed, row('public access of the workspace', 'failed', 'Enabled')) },
  failed: { state: 'failed', failure },
  cancelled: { state: 'cancelled' },
  expired: { state: 'expired', proof: proofOf(passed) },
  deleting: { state: 'deleting', run: run('teardown', null) },
  blocked: { state: 'blocked', receipt: { removed: [], remaining: [], blockers } },
};
const names = Object.keys(environments);

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-every-state');
  const connection = await Connection.connect({ address: inject('temporal').address });
  const client = new Client({ connection, namespace: console.moat.namespace, dataConverter: createDataConverter([]) });
  for (const name of names)
    await makeKnownEnvironments(client, {
      count: 1,
      prefix: `${name}-`,
      change: ({ lease }) => ({ ...environments[name], lease: { ...lease, ...leases[name] } }),
    });
  await connection.close();
}, 120_000);
afterAll(() => console?.close());

const rowOf = (page: Page, name: string) => page.locator(`[data-environment="${name}-00000"]`);

it('the list shows every state, and why somebody has to act', async () => {
  const page = await console.open('/environments');
  await page.locator(`[role="table"][aria-rowcount="${names.length + 1}"]`).waitFor();
  const textOf = async (name: string): Promise<string> => (await rowOf(page, name).textContent())!;
  for (const name of ['provisioning', 'failed', 'cancelled', 'expired', 'deleting', 'blocked'])
    expect(await textOf(name)).toContain(name);
  expect(await textOf('renewed')).toMatch(/ready.*proved/);
  expect(await textOf('protected')).toMatch(/ready.*incomplete/);
  expect(await textOf('broken')).toContain('isolation is broken: public access of the workspace: Enabled');
  expect(await textOf('failed')).toContain(failure.remedy);
  expect(await textOf('blocked')).toContain(blockers[0]!.command);
  await screenshot(page, 'environments-states');
  await expectAccessible(page);
});

it.each([1_280, 1_360, 1_600])('who protected an environment is not cut in a window of %d pixels', async (width) => {
  const page = await console.open('/environments');
  await page.setViewportSize({ width, height: 800 });
  for (const name of ['protected', 'renewed', 'expired']) {
    const lease = `[data-environment="${name}-00000"] [data-lease]`;
    await page.locator(lease).waitFor();
    const hidden = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('${lease}'))`;
    expect([name, await page.evaluate(hidden)]).toEqual([name, 0]);
  }
});

/** Like the beginning of the sentence beside the state. */
const sentences: Record<string, string> = {
  provisioning: 'provision-1 has been running for',
  renewed: 'waits for requests',
  protected: 'waits for requests',
  broken: 'isolation is broken: public access of the workspace: Enabled',
  failed: 'at step endpoint: OutOfQuota',
  cancelled: 'no run is in progress; its resources remain',
  expired: 'marked by a sweep; it is deleted next',
  deleting: 'teardown-1 has been running for',
  blocked: 'the deletion waits for rg-moat-blocked: the lock keep',
};

it.each(names)('the page of an environment says what it does or needs: %s', async (name) => {
  const page = await console.open(`/environments/${name}-00000`);
  await page.getByText(sentences[name]!).first().waitFor();
  await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
  await screenshot(page, `environment-state-${name}`);
});
