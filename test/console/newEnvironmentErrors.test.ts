import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-new-errors');
}, 120_000);
afterAll(() => console?.close());

const createButton = (page: Page) => page.getByRole('complementary').locator('button[type="submit"]');
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

it('a custom model: JSON with an error is marked and refused, and corrected it is created', async () => {
  const page = await console.open('/environments/new');
  await field(page, 'Name').fill('houses');
  await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('Your own model');
  await page.getByRole('combobox', { name: 'Format' }).selectOption('custom');
  await field(page, 'Repository').fill('https://github.com/moat-examples/linear-regression');
  await field(page, 'Ref').fill('7d1f0c2ab94e5836c1d2e3f405162738495a6b7c');
  await field(page, 'Path').fill('houses');
  // Keys of the page must not act while text is entered in the editor.
  await field(page, 'Expected').pressSequentially('null');
  await field(page, 'Expected').getByText('null').waitFor();
  await field(page, 'Expected').fill('[12]');
  await field(page, 'Request').fill('{"data": [[2, 1, 4]]');
  await field(page, 'Name').focus();
  await page
    .getByRole('alert')
    .getByText(/is not JSON/)
    .scrollIntoViewIfNeeded();
  await page.locator('.cm-lintRange-error').waitFor();
  expect(await createButton(page).isDisabled()).toBe(true);
  await screenshot(page, 'new-environment-invalid-json');
  await expectAccessible(page);

  await page.reload();
  await field(page, 'Request').getByText('[[2, 1, 4]]').waitFor();
  await field(page, 'Request').fill('{"data": [[2, 1, 4]]}');
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-houses/ }).click();
  await page.waitForURL('**/console/environments/houses');
  const { receipt } = await console.client.until('houses', 'ready', 'failed');
  expect(receipt?.score?.body).toEqual([12]);
}, 120_000);

it('a plan that blocks shows its remedy and disables the button until it is followed', async () => {
  const page = await console.open('/environments/new');
  await createEmulatorControl(console.moat)('PUT', 'objects/quota:ml:standardDSv2Family:westus2', {
    value: 10,
  });
  await field(page, 'Name').fill('large');
  await page.getByText('Nothing blocks.').waitFor();
  await field(page, 'Instance count').fill('3');
  await page.getByText('1 finding blocks this request.').waitFor();
  const finding = page.getByRole('listitem').filter({ hasText: 'ML-QUOTA' });
  expect(await finding.textContent()).toMatch(/Remedy: request more cores/);
  await finding.getByRole('button', { name: 'Copy remedy' }).waitFor();
  expect(await createButton(page).isDisabled()).toBe(true);
  await screenshot(page, 'new-environment-blocked');
  await expectAccessible(page);
  await field(page, 'Instance count').fill('1');
  await page.getByText('Nothing blocks.').waitFor();
  expect(await createButton(page).isEnabled()).toBe(true);
});

it('what the API refuses is shown at the field that it names', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /400/ });
  await field(page, 'Name').fill('large');
  await field(page, 'TTL').fill('900d');
  const ttl = page.getByRole('textbox', { name: 'TTL', description: /must be at most/ });
  await ttl.waitFor();
  expect(await ttl.getAttribute('aria-invalid')).toBe('true');
  expect(await createButton(page).isDisabled()).toBe(true);
  await screenshot(page, 'new-environment-refused');
  await expectAccessible(page);
  await page.getByRole('complementary').getByRole('link', { name: 'TTL' }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('8h');
  await page.getByText('Nothing blocks.').waitFor();
});

it('what refuses the request itself is shown where it was sent', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /409/ });
  await field(page, 'Name').fill('raced');
  const create = page.getByRole('button', { name: /^Create \d+ resources in rg-moat-raced/ });
  await create.waitFor();
  await console.client.create({ name: 'raced', location: 'eastus' });
  await create.click();
  const problem = page.getByRole('complementary').getByRole('alert');
  await problem.getByText('SpecConflict').waitFor();
  // The plan is made once more, and blocks now; how many findings do depends on what exists by then.
  await page.getByText(/^\d findings? blocks? this request\.$/).waitFor();
  expect(await problem.textContent()).toMatch(/The environment was not created.*Request ID [\da-f-]{36}/);
  await screenshot(page, 'new-environment-not-created');
  await expectAccessible(page);
  await field(page, 'Name').fill('raced2');
  await problem.waitFor({ state: 'detached' });
});

it('without an answer the input stays, the request can be sent without a plan, and planning continues', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /ERR_|Failed to load resource/ });
  await field(page, 'Name').fill('early');
  await page.getByText('Nothing blocks.').waitFor();
  await console.moat.kill('api');
  await field(page, 'Name').fill('later');
  await page.getByText('No plan can be made now. The request can be sent without one.').waitFor();
  await page.getByRole('button', { name: 'Provision later' }).click();
  await page.getByRole('heading', { name: 'The environment was not created' }).waitFor();
  await screenshot(page, 'new-environment-no-answer');
  await expectAccessible(page);
  console.moat.start('api');
  await console.moat.ready();
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-later/ }).waitFor();
});
