import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Of the system; where there is none, the browser that Playwright has installed. */
const systemBrowser = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Starts Chromium without a window. `args`: more of its switches. */
export const launchBrowser = (...args: string[]): Promise<Browser> =>
  chromium.launch({
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
    ...(systemBrowser !== undefined && { executablePath: systemBrowser }),
  });
