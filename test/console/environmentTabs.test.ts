import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-environment-tabs');
  await console.client.create({ name: 'churn1', location: 'westus2', suffix: 'churn1' });
  await console.client.until('churn1', 'ready');
}, 180_000);
afterAll(() => console?.close());

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-churn1';

it('shows the complete proof of a ready environment, by where each row was checked from', async () => {
  const page = await console.open('/environments/churn1/proof');
  const { proof } = (await console.client.get('churn1')) as unknown as {
    proof: { rows: { check: string; from: string }[] };
  };
  await page.getByRole('heading', { name: `Complete: all ${proof.rows.length} checks have passed` }).waitFor();
  for (const [title, from] of Object.entries({
    Outside: 'outside',
    Inside: 'inside',
    Outward: 'outward',
    ARM: 'arm',
  })) {
    const table = page.getByRole('table', { name: title });
    const checks = await table.getByRole('rowheader').allTextContents();
    expect(checks).toEqual(proof.rows.filter((row) => row.from === from).map(({ check }) => check));
  }
  expect(await page.getByRole('button', { name: /Verify/ }).count()).toBe(1);
  await screenshot(page, 'environment-proof');
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /Download/ }).click();
  expect((await download).suggestedFilename()).toBe('churn1-proof.json');
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Page to print' }).click();
  await (await opened).getByRole('heading', { name: 'Isolation proof of churn1' }).waitFor();
});

const answer = '11055.977245';

it('scores the sample from the page, and keeps the requests of the visit', async () => {
  const page = await console.open('/environments/churn1/score');
  const editor = page.getByRole('textbox', { name: 'Request' });
  await editor.getByText('data').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Send request' }).click();
  await page.getByLabel('Answer as JSON').filter({ hasText: answer }).waitFor();
  const history = page.getByRole('region', { name: 'This visit' });
  await history.getByRole('button', { name: /HTTP 200/ }).waitFor();
  await screenshot(page, 'environment-score');
  await expectAccessible(page);
  await editor.fill('{"data": [[1, 2]');
  await page.getByText(/Expected ','/).waitFor();
  expect(await editor.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByRole('button', { name: 'Send request' }).isDisabled()).toBe(true);
  await screenshot(page, 'environment-score-mistake');
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'Proof' }).click();
  await page.getByRole('tab', { name: 'Score' }).click();
  await editor.getByText('[[1, 2]').waitFor();
  await history.getByRole('button', { name: /HTTP 200/ }).click();
  await page.getByLabel('Answer as JSON').filter({ hasText: answer }).waitFor();
});

it('shows why a request could not be scored, with the remedy of its run', async () => {
  const page = await console.open('/environments/churn1/score', { expectedErrors: /50\d/ });
  await createEmulatorControl(console.moat)('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.Compute/virtualMachines/runCommands' },
    times: 1,
    effect: { status: 403, code: 'AuthorizationFailed', message: 'The client has no authorization.' },
  });
  await page.getByRole('button', { name: 'Send request' }).click();
  const problem = page.getByRole('alert');
  await problem.getByText('AuthorizationFailed').waitFor();
  await problem.getByText(/Remedy: ./).waitFor();
  await screenshot(page, 'environment-score-failed');
  await expectAccessible(page);
});

it('shows the log of the container, with the lines that are searched', async () => {
  const page = await console.open('/environments/churn1/logs');
  const { body } = await console.client.call('GET', '/environments/churn1/logs');
  const lines = String(body).trimEnd().split('\n');
  const log = page.getByRole('log', { name: 'Container log' });
  await log.filter({ hasText: lines.at(-1)! }).waitFor();
  await screenshot(page, 'environment-logs');
  await expectAccessible(page);
  const word = lines.at(-1)!.split(' ').at(-1)!;
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill(word);
  const count = lines.filter((line) => line.toLowerCase().includes(word.toLowerCase())).length;
  await page.getByText(`${count} of ${lines.length} lines have`).waitFor();
  expect(await log.locator('div').count()).toBe(count);
  const read = page.waitForResponse(/\/logs/);
  await page.getByRole('checkbox', { name: 'Follow' }).check();
  await read;
  await screenshot(page, 'environment-logs-search');
  await expectAccessible(page);
});

it('shows what was opened by hand once it is verified, with the change and the remedy', async () => {
  const page = await console.open('/environments/churn1/proof');
  await page.getByRole('heading', { name: /^Complete/ }).waitFor();
  const storage = `${group}/providers/Microsoft.Storage/storageAccounts/stchurn1`;
  await createArmClient(console.moat)('PATCH', storage, '2023-05-01', {
    properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } },
  });
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByRole('heading', { name: /^Not complete: .*failed/ }).waitFor();
  await page.getByRole('row', { name: /failed public network access of the storage account/ }).waitFor();
  const changes = page.getByRole('region', { name: 'Changes since the previous proof' });
  await changes.getByText(/passed.*became.*failed.*public network access of the storage account/).waitFor();
  await page.getByRole('alert').getByText('IsolationBroken').first().waitFor();
  await screenshot(page, 'environment-proof-broken');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Environments', exact: true }).click();
  await page.getByRole('row', { name: /churn1.*ready.*broken.*isolation is broken: .* and 3 more/ }).waitFor();
  await screenshot(page, 'environments-broken');
  await expectAccessible(page);
});
