import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-new');
}, 120_000);
afterAll(() => console?.close());

it('creates the sample: the plan appears while typing, and the button says what it does', async () => {
  const page = await console.open('/environments/new');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await name.waitFor();
  await page.getByPlaceholder('default 8h, at most 7d').waitFor();
  await screenshot(page, 'new-environment-empty');
  await expectAccessible(page);
  expect(await page.getByRole('button', { name: /Provision/ }).isDisabled()).toBe(true);
  await name.fill('churn1');
  const plan = page.getByRole('complementary', { name: 'Plan' });
  await plan.getByText('Nothing blocks.').waitFor();
  expect(await plan.textContent()).toMatch(/US\$0\.\d\d\/hUSD, prices of \d{4}-\d\d-\d\d in westus2/);
  expect(await plan.textContent()).toMatch(/Usual duration\d+ s/);
  await plan.getByText('Virtual network, outbound path').click();
  await plan.getByText('vnet-').first().waitFor();
  await screenshot(page, 'new-environment-plan');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-churn1, about \d+ s$/ }).click();
  await page.waitForURL('**/console/environments/churn1');
  await console.client.until('churn1', 'ready');
  await page.getByRole('main').getByText('ready', { exact: true }).waitFor();

  // The same request once more leads to the same environment.
  await page.keyboard.press('n');
  await name.fill('churn1');
  await page.getByRole('button', { name: /^Provision churn1: all \d+ resources exist$/ }).waitFor();
  await screenshot(page, 'new-environment-existing');
  await page.getByRole('button', { name: /^Provision churn1/ }).click();
  await page.waitForURL('**/console/environments/churn1');
}, 120_000);

it('while a plan is being made, the earlier one stays and is marked, and a late answer is not shown', async () => {
  const page = await console.open('/environments/new');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const create = page.getByRole('complementary').locator('button[type="submit"]');
  await name.fill('first');
  await page.getByRole('button', { name: /in rg-moat-first/ }).waitFor();

  const held = Promise.withResolvers<void>();
  await page.route('**/plans', async (route) => {
    if (route.request().postData()?.includes('second')) await held.promise;
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest((request) => request.postData()?.includes('second') === true);
  await name.fill('second');
  await asked;
  await page.getByText('Below is the earlier plan.').waitFor();
  expect(await page.getByRole('complementary').textContent()).toContain('US$');
  expect(await create.isDisabled()).toBe(true);
  await screenshot(page, 'new-environment-planning');
  await expectAccessible(page);

  await name.fill('third');
  await page.getByRole('button', { name: /in rg-moat-third/ }).waitFor();
  held.resolve();
  await page.unrouteAll({ behavior: 'wait' });
  expect(await create.textContent()).toContain('rg-moat-third');
});

it('keeps the draft when the page is loaded again, and shows its request as curl', async () => {
  const page = await console.open('/environments/new');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('kept');
  await page.getByRole('combobox', { name: 'On drift' }).selectOption('repair');
  await page.reload();
  await name.waitFor();
  expect(await name.inputValue()).toBe('kept');
  expect(await page.getByLabel('Command', { exact: true }).textContent()).toMatch(
    /^curl http:.*\/environments .*-d '{"name":"kept","location":"westus2","onDrift":"repair"}'$/,
  );
  await page.getByRole('button', { name: 'Clear the form' }).click();
  expect(await name.inputValue()).toBe('');
});

it('names a file of the repository in place of JSON, and keeps the JSON for a change of mind', async () => {
  const page = await console.open('/environments/new');
  const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });
  await field('Name').fill('files');
  await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('Your own model');
  await page.getByRole('combobox', { name: 'Format' }).selectOption('custom');
  await field('Repository').fill('https://github.com/ana/models');
  await field('Ref').fill('a'.repeat(40));
  await field('Path').fill('.');
  await field('Expected').fill('[1]');
  await field('Request').fill('{"a": 1}');
  const command = page.getByLabel('Command', { exact: true });
  await command.getByText('"request":{"a":1},"expected":[1]').waitFor();
  await page.getByRole('button', { name: 'Use a file of the repository' }).first().click();
  await field('Request file').fill('request.png');
  await field('Request content type').fill('image/png');
  await command.getByText('"requestFile":"request.png","requestContentType":"image/png","expected":[1]').waitFor();
  await page.getByRole('button', { name: 'Enter JSON here' }).click();
  await command.getByText('"request":{"a":1},"expected":[1]').waitFor();
});
