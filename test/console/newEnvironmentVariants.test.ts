import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-new-variants');
}, 120_000);
afterAll(() => console?.close());

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });

/** Waits for a plan that is asked for with a body that has these members, and returns the whole body. */
async function planned(page: Page, members: object, change: () => Promise<unknown>): Promise<object> {
  const wanted = JSON.stringify(members).slice(1, -1);
  const request = page.waitForRequest((one) => one.url().endsWith('/plans') && one.postData()!.includes(wanted));
  await change();
  return (await request).postDataJSON() as object;
}

it('a local try is a checkbox, and the environment shows it in its header and in the receipt', async () => {
  const page = await console.open('/environments/new');
  await field(page, 'Name').fill('tried');
  const tryLocally = page.getByRole('checkbox', { name: 'Try locally' });
  await planned(page, { tryLocally: true }, () => tryLocally.check());
  await page.getByLabel('Command', { exact: true }).getByText('"tryLocally":true').waitFor();
  await page.getByRole('button', { name: /^Create \d+ resources in rg-moat-tried/ }).click();
  await page.waitForURL('**/console/environments/tried');
  await page
    .getByRole('list', { name: 'Facts' })
    .getByText('private endpoints · no public access · authentication by key · tried locally')
    .waitFor();
  await console.client.until('tried', 'ready');
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('heading', { name: 'Local try' }).waitFor();
  await page.getByLabel('Container log of the local try').getByText('Run function was found').waitFor();
  await screenshot(page, 'environment-local-try');
  await expectAccessible(page);
}, 120_000);

it('rules of a managed network are JSON, and belong to that method only', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /400/ });
  await field(page, 'Name').fill('managed');
  expect(await field(page, 'Outbound rules').count()).toBe(0);
  await choice(page, 'Isolation').selectOption('managedNetwork');
  const rules = field(page, 'Outbound rules');
  await rules.fill('{"name": "pypi"}');
  await field(page, 'Name').focus();
  await page.getByRole('alert').getByText('must be a list: […]').waitFor();
  const outboundRules = [{ name: 'pypi', type: 'fqdn', destination: 'pypi.org' }];
  const body = await planned(page, { outboundRules }, () => rules.fill(JSON.stringify(outboundRules)));
  expect(body).toEqual({ name: 'managed', location: 'westus2', isolation: 'managedNetwork', outboundRules });
  await screenshot(page, 'new-environment-managed-network');
  await expectAccessible(page);

  const wrong = JSON.stringify([{ ...outboundRules[0], destination: 'not a host' }]);
  await rules.fill(wrong);
  await page
    .getByRole('alert')
    .getByText(/^item 1/)
    .waitFor();
  const closed = await planned(page, { authMode: 'aadToken' }, async () => {
    await choice(page, 'Isolation').selectOption('privateEndpoints');
    await choice(page, 'Auth mode').selectOption('aadToken');
  });
  expect(closed).toEqual({ name: 'managed', location: 'westus2', authMode: 'aadToken' });
});

it('existing resources and an adopted environment are below headings that open on demand', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /400/ });
  await field(page, 'Name').fill('brought');
  await field(page, 'Registry').waitFor({ state: 'hidden' });
  await page.getByText('Existing resources', { exact: true }).click();
  await field(page, 'Registry').fill('cr1');
  await field(page, 'Name').focus();
  await page
    .getByRole('alert')
    .getByText(/^must be ARM id of a container registry/)
    .waitFor();
  const registry =
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/cr1';
  const zones = ['a', 'b'].map((zone) =>
    registry.replace('ContainerRegistry/registries/cr1', `Network/privateDnsZones/privatelink.${zone}`),
  );
  await field(page, 'Registry').fill(registry);
  await field(page, 'Private DNS zones').fill(zones.join(' '));
  const existing = { registry, privateDnsZones: zones, zoneGroupsByPolicy: true };
  await planned(page, { existing }, () => page.getByRole('checkbox', { name: 'Zone groups by policy' }).check());
  await screenshot(page, 'new-environment-existing-resources');
  await expectAccessible(page);

  await page.getByText('Adopt an environment', { exact: true }).click();
  expect(await field(page, 'Resource group').count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Adopt' }).check();
  const adopted = await planned(page, { adopt: true, resourceGroup: 'rg-article' }, () =>
    field(page, 'Resource group').fill('rg-article'),
  );
  expect(adopted).toMatchObject({ existing, adopt: true });

  // What was entered is visible after the page is loaded again.
  await page.reload();
  await field(page, 'Resource group').waitFor();
  expect(await field(page, 'Registry').inputValue()).toBe(registry);
});
