import type { BrowserContext, Page } from 'playwright-core';
import type { PartContext } from '../part.ts';

/** A page of the console. `ready`: a selector of what is shown when it can be used. */
export interface ConsolePage {
  name: string;
  path: string;
  ready: string;
}

/** Every page; `name` is that of an environment that exists. */
export const consolePages = (name: string): ConsolePage[] => [
  { name: 'environments', path: '/environments', ready: '[data-environment]' },
  { name: 'new environment', path: '/environments/new', ready: 'form fieldset' },
  { name: 'one environment', path: `/environments/${name}`, ready: '[data-steady]' },
  { name: 'sweeps', path: '/sweeps', ready: '#next-sweep + p' },
  { name: 'about', path: '/about', ready: 'main dl' },
];

/** Errors that a browser has logged, refusals of the content security policy among them. */
export interface BrowserErrors {
  violations: number;
  others: string[];
}

/** A new page whose errors are added to `errors`. */
export async function openPage(context: BrowserContext, errors: BrowserErrors): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.others.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (message.text().includes('Content Security Policy')) errors.violations += 1;
    else errors.others.push(message.text());
  });
  return page;
}

/** Milliseconds from the navigation until the page can be used, with what it needs in the browser's cache. */
export async function readyTimes(
  { signal }: PartContext,
  context: BrowserContext,
  errors: BrowserErrors,
  { url, ready, count }: { url: string; ready: string; count: number },
): Promise<number[]> {
  const times: number[] = [];
  // The first one fills the cache.
  for (let n = 0; n <= count; n++) {
    signal.throwIfAborted();
    const page = await openPage(context, errors);
    const startedAt = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator(ready).first().waitFor();
    times.push(performance.now() - startedAt);
    await page.close();
  }
  return times.slice(1);
}

/** KB of script, as sent, that a page loads with an empty cache. */
export async function scriptSize(page: Page, url: string): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script')
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(url);
  await page.locator('[data-environment]').first().waitFor();
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0) / 1_000;
}
