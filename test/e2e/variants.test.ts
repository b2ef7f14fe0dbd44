import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createEmulatorControl } from '../../chaos/emulatorControl.ts';
import { combinations, nameOf, pairwiseSample, refusedBy } from '../../variants/combinations.ts';
import { tryCombination } from '../../variants/tryCombination.ts';
import type { ListResources } from '../../variants/tryCombination.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

const allowed = combinations.filter((one) => refusedBy(one).length === 0);
/** One for each rule. */
const refused = [...new Map(combinations.map((one) => [refusedBy(one).join(), one])).entries()]
  .filter(([rules]) => rules !== '')
  .map(([, one]) => one);

describeLocal('variants of the spec', 'the emulator lists what remains', () => {
  let moat: Moat;
  let client: MoatClient;
  let list: ListResources;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'variants');
    client = createClient(moat.url, undefined, 300_000);
    const control = createEmulatorControl(moat.emulatorUrl, `${moat.dataDir}/emulator-ca.pem`);
    list = async (name) => {
      const scope = new RegExp(`/resourcegroups/rg-moat-${name}(/|$)`, 'i');
      return (await control.resources()).map(({ id }) => id).filter((id) => scope.test(id));
    };
    await control.raiseQuota(['westus2']);
  }, 120_000);
  afterAll(() => moat?.close());

  // npm run test:variants runs all of them
  test.concurrent.each(pairwiseSample(allowed, 5).map((one) => [nameOf(one), one] as const))(
    '%s is proved as it promises, and nothing remains of it',
    { timeout: 400_000 },
    async (_name, combination) => {
      expect(await tryCombination(client, list, combination)).toEqual([]);
    },
  );

  test.concurrent.each(refused.map((one) => [nameOf(one), one] as const))(
    '%s is refused by its rule before anything is created',
    { timeout: 400_000 },
    async (_name, combination) => {
      expect(await tryCombination(client, list, combination)).toEqual([]);
    },
  );
});
