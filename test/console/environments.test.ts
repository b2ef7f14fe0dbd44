import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-environments');
}, 120_000);
afterAll(() => console?.close());

it('an empty installation explains itself and offers the sample', async () => {
  const page = await console.open('/');
  await page.getByRole('heading', { name: 'No environments yet' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/console/environments');
  await screenshot(page, 'environments-empty');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Provision the sample' }).click();
  await page.getByRole('link', { name: 'sample', exact: true }).waitFor();
  await console.client.until('sample', 'ready');
  await page.getByRole('row', { name: /sample.*ready.*proved/ }).waitFor();
});

it('shows an environment that is created while the page is open, live, until it is ready', async () => {
  const page = await console.open('/environments');
  await page.getByRole('table').waitFor();
  await console.client.create({ name: 'churn1', location: 'westus2' });
  await page.getByRole('row', { name: /churn1.*provisioning/ }).waitFor();
  await screenshot(page, 'environments-provisioning');
  await console.client.until('churn1', 'ready');
  await page.getByRole('row', { name: /churn1.*ready.*9 of 9 steps.*proved/ }).waitFor();
  await screenshot(page, 'environments');
  await expectAccessible(page);
});

it('filters by state and name, in the address of the page', async () => {
  const page = await console.open('/environments?q=chu');
  await page.getByRole('link', { name: 'churn1' }).waitFor();
  expect(await page.getByRole('link', { name: 'sample', exact: true }).count()).toBe(0);
  await page.getByRole('button', { name: /^failed/ }).click();
  await page.getByText('matches the filters').waitFor();
  expect(new URL(page.url()).search).toBe('?q=chu&state=failed');
});

it('is used by keys alone', async () => {
  const page = await console.open('/environments');
  await page.getByRole('table').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await screenshot(page, 'keys');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.locator('[data-environment="churn1"] a:focus').waitFor();
  await page.keyboard.press('j');
  await page.locator('[data-environment="sample"] a:focus').waitFor();
  await page.keyboard.press('k');
  await page.locator('[data-environment="churn1"] a:focus').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-environment="churn1"] a:focus').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('sam');
  await page.locator('[data-environment="churn1"]').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/environments/sample');
  await page.getByRole('heading', { name: 'sample' }).waitFor();
  await page.goBack();
  await page.getByRole('table').waitFor();
  await page.keyboard.press('n');
  await page.waitForURL('**/console/environments/new');
});
