import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-environment-runs');
  await console.client.create({ name: 'churn1', location: 'westus2', suffix: 'churn1', onDrift: 'repair' });
  await console.client.until('churn1', 'ready');
}, 180_000);
afterAll(() => console?.close());

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-churn1';
const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-churn1`;
const lock = `${logs}/providers/Microsoft.Authorization/locks/keep`;

it('shows the receipt of a provisioning run: findings, durations, image, proof and score', async () => {
  const { receipt } = await console.client.get('churn1');
  const page = await console.open('/environments/churn1/runs');
  await page.getByRole('button', { name: 'provision-1', expanded: true }).waitFor();
  await page.getByText(receipt!.image!.commit).waitFor();
  await page.getByText('Sample request scored from inside').waitFor();
  await page
    .getByText(/PF-\d+/)
    .first()
    .waitFor();
  await page.getByText(`${receipt!.proof!.rows.length} passed`).waitFor();
  await screenshot(page, 'environment-runs');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'provision-1' }).click();
  await page.getByText(receipt!.image!.commit).waitFor({ state: 'detached' });
});

it('shows what a verify run has closed again, and who had opened it', async () => {
  const page = await console.open('/environments/churn1/proof');
  const storage = `${group}/providers/Microsoft.Storage/storageAccounts/stchurn1`;
  await createArmClient(console.moat)('PATCH', storage, '2023-05-01', {
    properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } },
  });
  await page.getByRole('button', { name: 'Verify now' }).click();
  const repairs = page.getByRole('region', { name: 'Closed again by this run' });
  await repairs.getByText(/public network access of the storage account: .* written as planned/).waitFor();
  await repairs.getByText('Microsoft.Storage/storageAccounts/write').first().waitFor();
  await page.getByRole('heading', { name: /^Complete/ }).waitFor();
  await screenshot(page, 'environment-proof-repaired');
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('button', { name: 'verify-1', expanded: true }).waitFor();
  await page.getByRole('table', { name: 'ARM' }).waitFor();
  await screenshot(page, 'environment-runs-verify');
  await expectAccessible(page);
});

it('a request cannot be sent to an environment that is not ready, and its log is explained', async () => {
  await createArmClient(console.moat)('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } });
  await console.client.call('DELETE', '/environments/churn1');
  await console.client.until('churn1', 'blocked');
  const page = await console.open('/environments/churn1/score', { expectedErrors: /409/ });
  await page.getByText('churn1 is blocked; a request can be scored when it is ready.').waitFor();
  expect(await page.getByRole('button', { name: 'Send request' }).isDisabled()).toBe(true);
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('heading', { name: 'No log' }).waitFor();
  await screenshot(page, 'environment-logs-none');
  await expectAccessible(page);
});

it('shows the blocker of a teardown with its command, then what was removed and how that was proved', async () => {
  const page = await console.open('/environments/churn1/runs');
  await page.getByRole('button', { name: 'teardown-1', expanded: true }).waitFor();
  const { receipt } = await console.client.get('churn1');
  await page.getByText(receipt!.blockers![0]!.command).waitFor();
  await screenshot(page, 'environment-runs-blocked');
  await expectAccessible(page);
  await createArmClient(console.moat)('DELETE', lock, '2020-05-01');
  await console.client.remove('churn1');
  await page.getByRole('button', { name: 'teardown-2' }).waitFor();
  const removed = (await console.client.get('churn1')).receipt!.removed!;
  await page.getByRole('heading', { name: `Removed: ${removed.length}` }).waitFor();
  await page.getByText('Azure has confirmed the deletion').waitFor();
  await page.getByText(/purged from soft deletion/).waitFor();
  await screenshot(page, 'environment-runs-teardown');
  await expectAccessible(page);
});
