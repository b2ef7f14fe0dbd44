import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
let paths: string[];
beforeAll(async () => {
  console = await startConsole('console-every-page');
  await console.client.create({ name: 'churn1', location: 'westus2' });
  await console.client.until('churn1', 'ready');
  const { body } = await console.client.call('POST', '/sweeps', { dryRun: true });
  const tabs = ['', '/proof', '/score', '/runs', '/logs', '/raw'].map((tab) => `/environments/churn1${tab}`);
  const others = ['/environments', '/environments?state=deleted', '/environments/new', '/sweeps', '/about', '/nowhere'];
  paths = [...others, ...tabs, `/sweeps/${(body as { id: string }).id}`];
}, 300_000);
afterAll(() => console?.close());

/** On a busy machine. */
const patiently = { timeout: 20_000 };

/** Opens a page that is complete, or says why it is not. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${console.moat.url}/console${path}`);
  await page.locator('main h1, main h2').first().waitFor();
  await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
}

it('no page asks for anything that its policy refuses, or that another host has', async () => {
  const page = await console.open('/environments', { expectedErrors: /Content Security Policy/ });
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(console.moat.url) && !request.url().startsWith('data:'))
      elsewhere.push(request.url());
  });
  const refused: string[] = [];
  await page.exposeFunction('reportRefusal', (what: string) => refused.push(what));
  await page.addInitScript(`addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    reportRefusal(location.pathname + ': ' + violatedDirective + ' ' + blockedURI))`);
  for (const path of paths) await visit(page, path);
  expect({ elsewhere, refused }).toEqual({ elsewhere: [], refused: [] });
  // The policy is in force: what is inline is refused, and would be noticed here.
  await page.evaluate(`document.body.append(Object.assign(document.createElement('style'), { textContent: '*{}' }))`);
  await expect.poll(() => refused, patiently).toEqual([expect.stringContaining('style-src')]);
}, 300_000);

it('nothing moves for readers who want that, and a running environment pulses for others', async () => {
  await createEmulatorControl(console.moat)('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.Network/virtualNetworks' },
    effect: { hangOperation: true },
  });
  await console.client.create({ name: 'hanging', location: 'westus2' });
  const page = await console.open('/environments');
  const moving = () => page.evaluate<number>('document.getAnimations().length');
  for (const path of ['/environments', '/environments/hanging']) {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await visit(page, path);
    await page.getByText('provisioning', { exact: true }).first().waitFor();
    await expect.poll(moving, patiently).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(moving, patiently).toBe(0);
  }
});

/** What scrolls sideways, apart from code and tabs (WCAG 2.2, 1.4.10). */
const sidewaysScrollers = `[...document.querySelectorAll('html, main, main *:not(pre, [role=tablist])')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX) || one === document.documentElement && one.scrollWidth > innerWidth)
  .map((one) => one.outerHTML.slice(0, 120))`;

it.each([
  ['at 200 % zoom', 640],
  ['on a phone', 390],
  ['on a narrow phone', 320],
])(
  'no page is wider than its window %s',
  async (_where, width) => {
    const page = await console.open('/environments');
    await page.setViewportSize({ width, height: 700 });
    for (const path of paths) {
      await visit(page, path);
      expect([path, await page.evaluate<string[]>(sidewaysScrollers)]).toEqual([path, []]);
    }
  },
  120_000,
);

it.each([1_280, 1_100, 900, 640, 320])('the graph shows every step in a window of %d pixels', async (width) => {
  const page = await console.open('/environments/churn1');
  await page.setViewportSize({ width, height: 800 });
  const graph = page.getByRole('group', { name: 'Steps and what they need' });
  const steps = graph.getByRole('button');
  await steps.nth(8).waitFor();
  await expect
    .poll(async () => {
      const frame = (await graph.boundingBox())!;
      const boxes = await Promise.all((await steps.all()).map((step) => step.boundingBox()));
      return boxes.every((box) => box!.x >= frame.x && box!.x + box!.width <= Math.min(frame.x + frame.width, width));
    }, patiently)
    .toBe(true);
});

it('an address that leads nowhere says so', async () => {
  const page = await console.open('/nowhere');
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
  await screenshot(page, 'nowhere');
  await expectAccessible(page);
});
