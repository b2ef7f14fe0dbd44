import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
let connection: Connection;
beforeAll(async () => {
  console = await startConsole('console-list-about');
  connection = await Connection.connect({ address: inject('temporal').address });
}, 120_000);
afterAll(async () => {
  await console?.close();
  await connection?.close();
});

it('about names the target, the version and every link, and each link answers', async () => {
  const page = await console.open('/about');
  await page.getByRole('main').getByText('EMULATOR').waitFor();
  await page.getByText('11111111-2222-4333-8444-555555555555').waitFor();
  const links = page.getByRole('main').getByRole('link');
  for (const name of ['/docs', '/openapi.json', '/metrics', '/.well-known/moat-proof-key'])
    expect(
      (await fetch(`${console.moat.url}${await links.filter({ hasText: name }).getAttribute('href')}`)).status,
    ).toBe(200);
  await page.getByRole('region', { name: 'Ready', exact: true }).waitFor();
  await screenshot(page, 'about');
  await expectAccessible(page);
});

it('the list shows the cost, and who renewed a lease', async () => {
  await console.client.create({ name: 'churn1', location: 'westus2' });
  await console.client.until('churn1', 'ready');
  const page = await console.open('/environments');
  await page.getByRole('row', { name: /churn1 .* US\$0\.40\/h$/ }).waitFor();
  await console.client.call('PATCH', '/environments/churn1', { ttl: '4h' });
  await page.getByRole('row', { name: /churn1 .*renewed by local/ }).waitFor();
  await screenshot(page, 'environments-cost');
  await expectAccessible(page);
});

it('deleted environments are shown by a filter, more on request', async () => {
  const client = new Client({ connection, namespace: console.moat.namespace });
  await makeKnownEnvironments(client, {
    count: 60,
    prefix: 'gone-',
    change: () => ({ state: 'deleted' }),
  });
  const page = await console.open('/environments');
  await page.getByRole('button', { name: 'deleted' }).click();
  await page
    .getByRole('row', { name: /gone-.* deleted/ })
    .first()
    .waitFor();
  expect(new URL(page.url()).search).toBe('?state=deleted');
  const rows = async () => Number(await page.getByRole('table').getAttribute('aria-rowcount'));
  expect(await rows()).toBe(51);
  await screenshot(page, 'environments-deleted');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(rows, { timeout: 20_000 }).toBe(61);
  await page.getByRole('searchbox').fill('gone-00007');
  await expect.poll(rows, { timeout: 20_000 }).toBe(2);
}, 120_000);

it('about says in words which part is not ready', async () => {
  const page = await console.open('/about', { expectedErrors: /503/ });
  await page.getByText('A worker polls the task queue.').waitFor();
  await console.moat.kill('emulator');
  await page.getByRole('region', { name: 'Not ready' }).waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: /not ready\s*The target does not answer/ })
    .waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: /^ready\s*Temporal answers\./ })
    .waitFor();
  await screenshot(page, 'about-not-ready');
  await expectAccessible(page);
});
