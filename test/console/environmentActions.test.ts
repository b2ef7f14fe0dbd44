import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-actions');
  await console.client.create({ name: 'churn1', location: 'westus2', suffix: 'churn1' });
  await console.client.until('churn1', 'ready');
}, 120_000);
afterAll(() => console?.close());

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-churn1';
const lock = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-churn1/providers/Microsoft.Authorization/locks/keep`;

const choose = (page: Page, action: string) =>
  page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: action }).click();
const isOffered = (page: Page, action: string) =>
  page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: action }).isVisible();
const confirm = (page: Page, action: string) => page.getByRole('dialog').getByRole('button', { name: action }).click();
/** Waits until the page announces this. */
const announced = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

it('renews the lease; a duration that the API refuses shows why, and Escape gives the focus back', async () => {
  const page = await console.open('/environments/churn1', { expectedErrors: /400/ });
  const before = (await console.client.get('churn1')).lease.expiresAt;
  await choose(page, 'Renew');
  await page.getByLabel(/Duration/).fill('400d');
  await confirm(page, 'Renew for 400d');
  await page.getByRole('alert').getByText('/ttl').waitFor();
  await screenshot(page, 'environment-renew-refused');
  await expectAccessible(page);
  await page.getByLabel(/Duration/).fill('3d');
  await confirm(page, 'Renew for 3d');
  await closed(page);
  await page.getByText(/^lease 2 d|^lease 3 d/).waitFor();
  expect((await console.client.get('churn1')).lease.expiresAt > before).toBe(true);
  await choose(page, 'Renew');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await closed(page);
  await page.locator('button:focus', { hasText: 'Renew' }).waitFor();
});

it('protects with a reason, so that DELETE is refused with it, and releases', async () => {
  const page = await console.open('/environments/churn1', { expectedErrors: /423/ });
  await choose(page, 'Delete');
  await console.client.call('PATCH', '/environments/churn1', { protected: true, reason: 'demo on Friday' });
  await page.getByLabel(/Type churn1/).fill('churn1');
  await confirm(page, 'Delete churn1');
  const problem = page.getByRole('alert');
  await problem.getByText('Protected', { exact: true }).waitFor();
  expect(await problem.textContent()).toContain('demo on Friday');
  await screenshot(page, 'environment-delete-refused');
  await confirm(page, 'Keep it');
  await page.getByText('reason: demo on Friday').waitFor();
  expect(await isOffered(page, 'Delete')).toBe(false);
  await choose(page, 'Release');
  await confirm(page, 'Release churn1');
  await closed(page);
  await choose(page, 'Protect');
  await page.getByLabel(/Reason/).fill('audit');
  await confirm(page, 'Protect churn1');
  await page.getByText('reason: audit').waitFor();
  await choose(page, 'Release');
  await confirm(page, 'Release churn1');
  await page.getByText('reason: audit').waitFor({ state: 'detached' });
});

it('verifies on request, and shows the run while it is in progress', async () => {
  const page = await console.open('/environments/churn1');
  await choose(page, 'Verify');
  await confirm(page, 'Verify now');
  await announced(page, 'churn1 is ready: verify-1 has been running');
  await announced(page, 'churn1 is ready: waits for requests');
});

it('cancels a run, and offers to provision again', async () => {
  await console.client.create({ name: 'halted', location: 'westus2' });
  const page = await console.open('/environments/halted');
  await choose(page, 'Cancel the run');
  await confirm(page, 'Cancel the run');
  await announced(page, 'halted is cancelled');
  expect(await isOffered(page, 'Cancel the run')).toBe(false);
  await page.locator('[aria-label="Actions"]:focus').waitFor();
  await choose(page, 'Provision again');
  await confirm(page, 'Provision again');
  await closed(page);
  await page.locator('[aria-label="Actions"]:focus').waitFor();
  await announced(page, 'halted is ready: waits for requests');
});

it('deletes by the typed name; a blocker is shown with its command, and deleting again clears the rest', async () => {
  const arm = createArmClient(console.moat);
  await arm('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } });
  const page = await console.open('/environments/churn1');
  await choose(page, 'Delete');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Deletes \d+ resources in rg-moat-churn1/).waitFor();
  expect(await dialog.getByRole('button', { name: 'Delete churn1' }).isDisabled()).toBe(true);
  await screenshot(page, 'environment-delete');
  await expectAccessible(page);
  await page.getByLabel(/Type churn1/).fill('churn1');
  await confirm(page, 'Delete churn1');
  await announced(page, /churn1 is blocked: the deletion waits for .*lock/);
  const { receipt } = await console.client.get('churn1');
  await page.getByText(receipt!.blockers![0]!.command).waitFor();
  await screenshot(page, 'environment-blocked');
  await expectAccessible(page);
  await arm('DELETE', lock, '2020-05-01');
  await choose(page, 'Delete');
  await page.getByLabel(/Type churn1/).fill('churn1');
  await confirm(page, 'Delete churn1');
  await announced(page, 'churn1 is deleted');
  expect(await page.getByRole('group', { name: 'Actions' }).getByRole('button').count()).toBe(0);
});
