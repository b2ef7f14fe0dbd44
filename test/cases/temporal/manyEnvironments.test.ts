import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createClient } from '../../e2e/support/client.ts';
import type { MoatClient } from '../../e2e/support/client.ts';
import { createEmulatorControl } from '../../e2e/support/control.ts';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';

/** By hand: `MOAT_TEST_MANY=40 npx vitest run test/cases/temporal/manyEnvironments.test.ts` takes several minutes. */
const count = Number(process.env['MOAT_TEST_MANY'] ?? 4);
const runLimitMs = 60_000 + count * 15_000;

let moat: Moat;
let client: MoatClient;
beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'many');
  client = createClient(moat.url, undefined, runLimitMs);
  const control = createEmulatorControl(moat);
  const families = ['compute:cores', 'compute:standardDSv5Family', 'ml:standardDSv2Family', 'ml:cores'];
  for (const family of families) await control('PUT', `objects/quota:${family}:westus2`, { value: 10_000 });
}, 120_000);
afterAll(() => moat?.close());

test(
  `P10 ${count} POSTs at once on one subscription all end ready`,
  async () => {
    const names = Array.from({ length: count }, (_, n) => `many${n}`);
    await Promise.all(names.map((name) => client.create({ name, location: 'westus2' })));
    const ended = await Promise.all(names.map((name) => client.until(name, 'ready', 'failed')));
    expect(ended.filter(({ failure }) => failure !== null).map(({ name, failure }) => ({ name, failure }))).toEqual([]);
  },
  runLimitMs,
);
