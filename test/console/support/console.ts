import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { buildConsole } from '../../../src/main/consoleBuild.ts';
import { createClient } from '../../e2e/support/client.ts';
import type { MoatClient } from '../../e2e/support/client.ts';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';
import { launchBrowser } from './browser.ts';

const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** Where screenshots are written; none are when it is not set. */
const screenshotDirectory = process.env['MOAT_SCREENSHOTS'];

interface OpenOptions {
  theme?: Theme;
  size?: keyof typeof sizes;
  /** errors in the browser's console that the test expects, such as failed requests while the API is away */
  expectedErrors?: RegExp;
  /** opens the page as another tab of this one's window */
  beside?: Page;
}

export interface ConsoleUnderTest {
  moat: Moat;
  client: MoatClient;
  /** Opens a page below /console/. When the test ends the page closes, and it must have logged no error and no policy violation. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Starts Moat on the emulator with the built console, and a browser. For `beforeAll`. */
export async function startConsole(title: string, settings: Record<string, string> = {}): Promise<ConsoleUnderTest> {
  await buildConsole(() => {});
  const [moat, browser] = await Promise.all([startMoat(inject('temporal').address, title, settings), launchBrowser()]);
  return {
    moat,
    client: createClient(moat.url),
    open: (path, options = {}) => openPage(browser, `${moat.url}/console${path}`, options),
    close: async () => {
      await browser.close();
      await moat.close();
    },
  };
}

async function openPage(browser: Browser, url: string, options: OpenOptions): Promise<Page> {
  const context =
    options.beside?.context() ??
    (await browser.newContext({
      colorScheme: options.theme ?? 'light',
      viewport: sizes[options.size ?? 'desktop'],
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    }));
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(errors.filter((error) => !options.expectedErrors?.test(error))).toEqual([]);
  });
  await page.goto(url);
  return page;
}

/** Expects that axe finds nothing on the page as it is, in both themes. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
    );
    expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
  }
}

/** Writes the page in both themes, and at a phone's width, into the folder that MOAT_SCREENSHOTS names. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (screenshotDirectory === undefined) return;
  mkdirSync(screenshotDirectory, { recursive: true });
  const write = (kind: string) => page.screenshot({ path: join(screenshotDirectory, `${name}-${kind}.png`) });
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await write(colorScheme);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(sizes.phone);
  await write('phone');
  await page.setViewportSize(sizes.desktop);
}
