import { describe, inject, vi } from 'vitest';
import { createClient } from './client.ts';
import type { MoatClient } from './client.ts';
import { startMoat } from './moat.ts';

const { MOAT_TEST_URL, MOAT_TEST_API_KEY } = process.env;

/** `MOAT_TEST_URL` names a running Moat that the suite uses; otherwise each file starts its own. */
const isExternal = MOAT_TEST_URL !== undefined;

// A run takes tens of seconds on the emulator's default time scale, and up to an hour on Azure.
if (isExternal) vi.setConfig({ testTimeout: 2 * 3_600_000, hookTimeout: 2 * 3_600_000 });

/** The Moat under test: the running one, or a new one on the emulator with these settings. */
export async function moatUnderTest(
  name: string,
  settings: Record<string, string> = {},
): Promise<{ url: string; client: MoatClient; close(): Promise<void> }> {
  if (MOAT_TEST_URL !== undefined) {
    const url = MOAT_TEST_URL.replace(/\/$/, '');
    return { url, client: createClient(url, MOAT_TEST_API_KEY), close: () => Promise.resolve() };
  }
  const { url, close } = await startMoat(inject('temporal').address, name, settings);
  return { url, client: createClient(url), close };
}

/** Tests that only work with a Moat that the suite has started; skipped with `reason` when a running Moat is tested. */
export const describeLocal = (title: string, reason: string, body: () => void): void => {
  describe.skipIf(isExternal)(isExternal ? `${title} (skipped with MOAT_TEST_URL: ${reason})` : title, body);
};

/** A name that no earlier test run has used, at most 16 characters. `prefix` has at most 10. */
export const uniqueName = (prefix: string): string =>
  `${prefix}${Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
