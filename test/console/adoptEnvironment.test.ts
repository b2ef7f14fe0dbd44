import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { createArticleEndpoint, createArticleEnvironment, removeAddress } from '../support/articleEnvironment.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

const suffix = 'mevnet';
const location = 'westus2';
const subscriptionId = '11111111-2222-4333-8444-555555555555';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-adopt');
  const arm = createArmClient(console.moat);
  const send = async (method: string, path: string, version: string, change?: object) =>
    (await arm(method, path, version, change)).body;
  const made = await createArticleEnvironment(send, { subscriptionId, group: 'rg-article', suffix, location });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-article`;
  const control = createEmulatorControl(console.moat);
  await createArticleEndpoint(send, control, { group, suffix, location, endpoint: 'endpt-vnet-42' });
  await removeAddress(send, made, { suffix, location });
}, 180_000);
afterAll(() => console?.close());

it('an adoption shows what it changes and what stays, and the button consents to that plan', async () => {
  const page = await console.open('/environments/new', { expectedErrors: /400/ });
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await field('Name').fill('scoring1');
  await page.getByText('Adopt an environment', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Adopt' }).check();
  await field('Resource group').fill('rg-article');
  await page.getByRole('alert').getByText('is required with `adopt`').waitFor();
  await field('Suffix').fill(suffix);
  const plan = page.getByRole('complementary', { name: 'Plan' });
  await plan.getByRole('heading', { name: 'Changes of the adoption' }).waitFor();
  await plan.getByText(`cr${suffix}`).first().waitFor();
  await plan.getByText('is neither changed nor deleted.').first().waitFor();
  await plan.getByText('Nothing blocks.').waitFor();
  await screenshot(page, 'new-environment-adoption');
  await expectAccessible(page);
  const sent = page.waitForRequest((one) => one.url().endsWith('/environments') && one.method() === 'POST');
  await page.getByRole('button', { name: /in rg-article, about/ }).click();
  expect((await sent).postDataJSON()).toEqual({
    name: 'scoring1',
    location,
    suffix,
    adopt: true,
    resourceGroup: 'rg-article',
    adoptionDigest: expect.stringMatching(/^[0-9a-f]{16,}$/),
  });
  await page.waitForURL('**/console/environments/scoring1');
  await page.getByRole('list', { name: 'Facts' }).getByText('adopted').waitFor();
}, 120_000);
