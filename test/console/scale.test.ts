import { Client, Connection } from '@temporalio/client';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import { createDataConverter } from '../../src/temporal/dataConverter.ts';
import { screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

const count = 1_000;

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-scale');
  const connection = await Connection.connect({ address: inject('temporal').address });
  const client = new Client({ connection, namespace: console.moat.namespace, dataConverter: createDataConverter([]) });
  await makeKnownEnvironments(client, { count });
  await connection.close();
}, 120_000);
afterAll(() => console?.close());

const topOf = async (row: Locator): Promise<number> => Math.round((await row.boundingBox())!.y);

/** Where a row is once the list no longer scrolls. */
async function settledTopOf(row: Locator): Promise<number> {
  for (let before = NaN; ;) {
    const top = await topOf(row);
    if (top === before) return top;
    before = top;
    await row.page().evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  }
}

it('a thousand rows scroll, and keep place, selection and focus when an environment appears above', async () => {
  const page = await console.open('/environments');
  const table = page.getByRole('table', { name: 'Environments' });
  await page.locator(`[role="table"][aria-rowcount="${count + 1}"]`).waitFor();
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  await screenshot(page, 'environments-many');

  for (let i = 0; i < 60; i += 1) await page.keyboard.press('j');
  const selected = page.locator('[data-environment]', { has: page.locator('a:focus') });
  const name = await selected.getAttribute('data-environment');
  const before = await settledTopOf(selected);
  await console.client.create({ name: 'newcomer', location: 'westus2' });
  await page.locator(`[role="table"][aria-rowcount="${count + 2}"]`).waitFor();
  expect(await selected.getAttribute('data-environment')).toBe(name);
  expect(await settledTopOf(selected)).toBe(before);

  await table.hover();
  await page.mouse.wheel(0, 100_000);
  await page
    .locator(`[aria-rowindex="${count + 2}"]`)
    .last()
    .waitFor();
  expect(await selected.getAttribute('data-environment')).toBe(name);
});

it('after Back the list is where it was, and the keys continue there', async () => {
  const page = await console.open('/environments');
  // with or without the one that the test above creates
  await page.locator(`[role="table"]:is([aria-rowcount="${count + 1}"], [aria-rowcount="${count + 2}"])`).waitFor();
  for (let i = 0; i < 60; i += 1) await page.keyboard.press('j');
  const selected = page.locator('[data-environment]', { has: page.locator('a:focus') });
  const name = (await selected.getAttribute('data-environment'))!;
  // The list scrolls to the row a frame later.
  await expect.poll(() => topOf(selected), { timeout: 20_000 }).toBeLessThan(760);
  const before = await settledTopOf(selected);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name }).waitFor();
  await page.goBack();
  const row = page.locator(`[data-environment="${name}"]`);
  await row.waitFor();
  await expect.poll(() => topOf(row), { timeout: 20_000 }).toBe(before);
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await row.locator('a:focus').waitFor();
});
