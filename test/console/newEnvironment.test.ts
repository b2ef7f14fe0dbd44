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
  await screenshot(page, 'new-environment-empty');
  await expectAccessible(page);
  expect(await page.getByRole('button', { name: /Provision/ }).isDisabled()).toBe(true);
  await name.fill('churn1');
  const plan = page.getByRole('complementary', { name: 'Plan' });
  await plan.getByText('Nothing blocks.').waitFor();
  expect(await plan.textContent()).toMatch(/US\$0\.\d\d\/hourUSD, prices of \d{4}-\d\d-\d\d in westus2/);
  expect(await plan.textContent()).toMatch(/Usual duration\d+ s to \d+ s/);
  await plan.getByText('Virtual network, outbound path').click();
  await plan.getByText('vnet-').first().waitFor();
  await screenshot(page, 'new-environment-plan');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-churn1, about \d+ s$/ }).click();
  await page.waitForURL('**/console/environments/churn1');
  await console.client.until('churn1', 'ready');
  await page.getByRole('main').getByText('ready', { exact: true }).waitFor();
});
