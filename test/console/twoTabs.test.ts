import type { Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  // slow enough to lose the connection during a run, which takes about twenty seconds
  console = await startConsole('console-two-tabs', { MOAT_EMULATOR_TIME_SCALE: '1/150' });
}, 300_000);
afterAll(() => console?.close());

/** A run may take so long on a busy machine. */
const runLimit = 60_000;
const choose = (page: Page, action: string) =>
  page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: action }).click();
const dialog = (page: Page) => page.getByRole('dialog');
const announced = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: runLimit });

it(
  'the page of an environment stays while the API is killed and started again, and shows how the run has ended',
  { timeout: 3 * runLimit },
  async () => {
    const page = await console.open('/about', { expectedErrors: /ERR_|Failed to load resource/ });
    await page.getByRole('heading', { name: 'About' }).waitFor();
    await console.client.create({ name: 'churn1', location: 'westus2' });
    await page.goto(`${console.moat.url}/console/environments/churn1`);
    await announced(page, 'churn1 is provisioning: Azure has been');
    await console.moat.kill('api');
    await page.getByText(/Lost connection since .* CET, for .*; trying again/).waitFor();
    await page.getByText(/^as of \d\d:\d\d:\d\d CET$/).waitFor();
    await page.getByRole('list', { name: 'Steps', exact: true }).getByText('network', { exact: true }).waitFor();
    await screenshot(page, 'environment-lost-connection');
    await expectAccessible(page);
    console.moat.start('api');
    await console.moat.ready();
    await page.getByText('Lost connection').waitFor({ state: 'detached' });
    await page.getByText(/^as of/).waitFor({ state: 'detached' });
    await announced(page, 'churn1 is ready');
    await page.getByRole('img', { name: /endpoint .*, on the critical path/ }).waitFor();
  },
);

it('what one tab does the other one shows', async () => {
  const page = await console.open('/environments/churn1');
  const other = await console.open('/environments/churn1', { beside: page });
  await other.getByRole('heading', { name: 'churn1' }).waitFor();
  await choose(page, 'Protect');
  await page.getByLabel(/Reason/).fill('two tabs');
  await dialog(page).getByRole('button', { name: 'Protect churn1' }).click();
  await other.getByText('reason: two tabs').waitFor();
  await choose(other, 'Release');
  await dialog(other).getByRole('button', { name: 'Release churn1' }).click();
  await page.getByText('reason: two tabs').waitFor({ state: 'detached' });
});

it('what one tab has made impossible is refused in the other, whose focus stays with the actions', async () => {
  const page = await console.open('/environments/churn1');
  const other = await console.open('/environments/churn1', { beside: page, expectedErrors: /423/ });
  await choose(other, 'Delete');
  await other.getByLabel(/Type churn1/).fill('churn1');
  await choose(page, 'Protect');
  await page.getByLabel(/Reason/).fill('kept by the first tab');
  await dialog(page).getByRole('button', { name: 'Protect churn1' }).click();
  await page.getByText('reason: kept by the first tab').waitFor();
  await dialog(other).getByRole('button', { name: 'Delete churn1' }).click();
  const problem = dialog(other).getByRole('alert');
  await problem.getByText('Protected', { exact: true }).waitFor();
  await problem.getByText('kept by the first tab').waitFor();
  await screenshot(other, 'environment-refused-by-tab');
  await expectAccessible(other);
  await other.keyboard.press('Escape');
  await dialog(other).waitFor({ state: 'detached' });
  await other.locator('[aria-label="Actions"]:focus').waitFor();
}, 180_000);
