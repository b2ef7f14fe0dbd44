import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-findings');
}, 120_000);
afterAll(() => console?.close());

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const plan = (page: Page) => page.getByRole('complementary', { name: 'Plan' });

it('what only warns is shown with its reason, and does not prevent the request', async () => {
  const page = await console.open('/environments/new');
  await field(page, 'Name').fill('warned');
  await field(page, 'Sizes').fill('Standard_D2as_v9 Standard_D4s_v5');
  await plan(page).getByText('Warnings (1)').waitFor();
  await plan(page).getByText('Nothing blocks. 1 warning').waitFor();
  const finding = plan(page).getByRole('listitem').filter({ hasText: 'VM-SIZE' });
  expect(await finding.textContent()).toContain(
    'Standard_D2as_v9: not offered in the region; Standard_D4s_v5 is available',
  );
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-warned/ }).waitFor();
  await screenshot(page, 'new-environment-warned');
  await expectAccessible(page);
});

it('what the caller may not read could not be checked, with what would allow it', async () => {
  const control = createEmulatorControl(console.moat);
  await control('POST', 'faults', {
    match: { method: 'GET', id: '/usages' },
    times: null,
    effect: { status: 403, code: 'AuthorizationFailed', message: 'The client has no authorization.' },
  });
  const page = await console.open('/environments/new');
  await field(page, 'Name').fill('unread');
  await plan(page)
    .getByText(/^ ?Could not be checked \(\d\)$/)
    .waitFor();
  const finding = plan(page).getByRole('listitem').filter({ hasText: 'ML-QUOTA' });
  expect(await finding.textContent()).toMatch(/could not be read: AuthorizationFailed.*Remedy: ./);
  await plan(page).getByText('Nothing blocks. 3 could not be checked').waitFor();
  await screenshot(page, 'new-environment-unknown');
  await expectAccessible(page);
  await control('DELETE', 'faults');
});

it('a resource that was changed by hand is one that the request changes back', async () => {
  await console.client.create({ name: 'changed', location: 'westus2', suffix: 'changed' });
  await console.client.until('changed', 'ready');
  const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-changed';
  const storage = `${group}/providers/Microsoft.Storage/storageAccounts/stchanged`;
  await createArmClient(console.moat)('PATCH', storage, '2023-05-01', {
    properties: { publicNetworkAccess: 'Enabled' },
  });
  const page = await console.open('/environments/new');
  await field(page, 'Name').fill('changed');
  await field(page, 'Suffix').fill('changed');
  await page.getByRole('button', { name: /^Change 1 resource in rg-moat-changed, about/ }).waitFor();
  expect(await plan(page).textContent()).toMatch(/1 to change, \d+ to adopt/);
  await plan(page).locator('summary', { hasText: '1 to change' }).click();
  await plan(page).getByRole('listitem').filter({ hasText: 'stchanged' }).first().waitFor();
  await screenshot(page, 'new-environment-change');
  await expectAccessible(page);
});

it('suggests the locations that the API names', async () => {
  const page = await console.open('/environments/new');
  const location = page.getByRole('combobox', { name: 'Location' });
  const list = await location.getAttribute('list');
  const options = await page.locator(`#${list} option`).all();
  const suggested = await Promise.all(options.map((option) => option.getAttribute('value')));
  const document = (await (await fetch(`${console.moat.url}/openapi.json`)).json()) as {
    components: { schemas: { NewEnvironment: { properties: { location: { examples: string[] } } } } };
  };
  expect(suggested).toEqual(document.components.schemas.NewEnvironment.properties.location.examples);
  expect(suggested).toContain('westeurope');
});
