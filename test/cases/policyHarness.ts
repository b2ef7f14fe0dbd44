import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Spec } from '../../src/domain/environment.ts';
import { attempt, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { specOf } from '../workflows/fixtures.ts';

/** An emulator for all tests of a file, without policies and faults before each of them. */
export function usePolicies() {
  let harness: EmulatorHarness;
  beforeAll(async () => {
    harness = await startEmulatorHarness();
  });
  afterEach(async () => {
    for (const what of ['faults', 'policies', 'objects/provider:microsoft.policyinsights'])
      await harness.control('DELETE', what);
  });
  afterAll(() => harness.close());

  return {
    harness: () => harness,
    rules: (...list: object[]) => harness.control('PUT', 'policies', { rules: list }),
    /** The findings of preflight about policies. */
    findingsOf: async (change: Partial<Spec> = {}, name = 'churn1') => {
      const spec = specOf(name, change);
      const ref = { ...harness.ref, name, suffix: spec.suffix };
      const { findings } = await attempt(harness.activities.preflight, { ref, spec, specHash: 'h1' });
      return findings.filter(({ rule }) => rule === 'POLICY');
    },
  };
}

export const storage = 'Microsoft.Storage/storageAccounts';
export const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);
