import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-shell');
}, 120_000);
afterAll(() => console?.close());

it('leads to every section, and always shows that the target is the emulator', async () => {
  const page = await console.open('/');
  for (const section of ['Sweeps', 'About', 'Environments']) {
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section }).click();
    await page.getByRole('heading', { name: section, level: 1 }).waitFor();
    expect(await page.title()).toBe(`${section} · Moat`);
    await page.getByRole('banner').getByText('EMULATOR').waitFor();
    await screenshot(page, section.toLowerCase());
    await expectAccessible(page);
  }
});

it('keeps the chosen theme, against the setting of the system', async () => {
  const page = await console.open('/about', { theme: 'light' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  await page.getByRole('heading', { name: 'About' }).waitFor();
  const light = await background();
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await background()).toBe(dark);
});

it('opens the form of a new environment by a key, and provisions', async () => {
  const page = await console.open('/about');
  await page.getByRole('heading', { name: 'About' }).waitFor();
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'New environment' }).waitFor();
  await screenshot(page, 'new-environment');
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('churn1');
  await page.getByRole('button', { name: /^Create .* in rg-moat-churn1/ }).click();
  await page.waitForURL('**/console/environments/churn1');
  await page.getByRole('heading', { name: 'churn1' }).waitFor();
  await console.client.until('churn1', 'ready');
  await page.getByRole('main').getByText('ready', { exact: true }).waitFor();
  await screenshot(page, 'environment');
  await expectAccessible(page);
});
