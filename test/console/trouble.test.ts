import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-trouble');
}, 120_000);
afterAll(() => console?.close());

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-locked';

it('a failed environment shows its reason and its remedy in the list', async () => {
  const page = await console.open('/environments');
  await createEmulatorControl(console.moat)('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints' },
    times: 1,
    effect: { status: 403, code: 'AuthorizationFailed', message: 'The client has no authorization.' },
  });
  await console.client.create({ name: 'refused', location: 'westus2' });
  const { failure } = await console.client.until('refused', 'failed', 'ready');
  const row = page.getByRole('row', { name: /refused.*failed/ });
  await row.getByText(failure!.message).waitFor();
  await row.getByText(failure!.remedy).waitFor();
});

it('a blocked teardown shows its blocker and the command that clears it in the list', async () => {
  const page = await console.open('/environments');
  await console.client.create({ name: 'locked', location: 'westus2', suffix: 'locked' });
  await console.client.until('locked', 'ready');
  const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-locked`;
  const lock = `${logs}/providers/Microsoft.Authorization/locks/keep`;
  await createArmClient(console.moat)('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } });
  await console.client.call('DELETE', '/environments/locked');
  const { receipt } = await console.client.until('locked', 'blocked', 'deleted');
  const row = page.getByRole('row', { name: /locked.*blocked/ });
  await row.getByText(receipt!.blockers![0]!.command).waitFor();
  await screenshot(page, 'environments-trouble');
  await expectAccessible(page);
});

it('keeps the data while the API is away, says since when, and continues when it is back', async () => {
  const page = await console.open('/environments', { expectedErrors: /ERR_|Failed to load resource/ });
  await page.getByRole('row', { name: /refused/ }).waitFor();
  await console.moat.kill('api');
  await page.getByText(/Lost connection since .*; trying again/).waitFor();
  await page.getByRole('row', { name: /refused/ }).waitFor();
  await screenshot(page, 'environments-lost-connection');
  await expectAccessible(page);
  console.moat.start('api');
  await console.moat.ready();
  await page.getByText('Lost connection').waitFor({ state: 'detached' });
  await console.client.create({ name: 'later', location: 'westus2' });
  await page.getByRole('row', { name: /later/ }).waitFor();
});

it('an environment that is not there is answered with the code and the request ID', async () => {
  const page = await console.open('/environments/nobody', { expectedErrors: /404/ });
  const problem = page.getByRole('alert');
  await problem.getByText('NotFound').waitFor();
  expect(await problem.textContent()).toMatch(/nobody could not be read.*Request ID [\da-f-]{36}/);
  await screenshot(page, 'environment-not-found');
  await expectAccessible(page);
});
