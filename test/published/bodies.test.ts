import { beforeAll, describe, expect, test } from 'vitest';
import type { ArmError, JsonObject } from '../../src/emulator/arm/model.ts';
import { describedTypes } from '../../src/emulator/schema/describedTypes.ts';
import { readBody } from '../../src/emulator/schema/requestBody.ts';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import { armTypesFolder, armTypesPresent, readArmTypes } from './armTypes.ts';
import { addressedType, checkExchanges } from './checkExchanges.ts';
import { createEverything } from './createEverything.ts';
import { exceptions } from './exceptions.ts';
import { recordExchanges } from './recordExchanges.ts';
import type { Exchange } from './recordExchanges.ts';

// a skipped suite is not named in the test output
if (!armTypesPresent)
  console.warn(`test/published is skipped: there is no ${armTypesFolder} (MOAT_ARM_TYPES names another folder)`);

describe.skipIf(!armTypesPresent)('The published types', () => {
  const types = armTypesPresent ? readArmTypes() : [];
  let checked: ReturnType<typeof checkExchanges>;
  let exchanges: Exchange[];

  beforeAll(async () => {
    const harness = await startEmulatorHarness();
    const record = recordExchanges();
    try {
      await createEverything(harness);
    } finally {
      record.stop();
      await harness.close();
    }
    exchanges = record.exchanges;
    checked = checkExchanges(types, exchanges);
  }, 60_000);

  const unexplained = (side: 'request' | 'answer') =>
    checked.findings
      .map(({ text }) => text)
      .filter((text) => text.startsWith(side) && !exceptions.some(({ what }) => what.test(text)));

  test('have every member that Moat sends, with its values, and none of them is read-only.', () => {
    expect(unexplained('request')).toEqual([]);
  });

  test('have every member that the emulator answers, and every required one is answered.', () => {
    expect(unexplained('answer')).toEqual([]);
  });

  test('of everything that the emulator answers are taken back by it in a PUT.', () => {
    const taken = new Set<string>();
    const refused = exchanges.flatMap(({ method, path, status, answer }) => {
      const { type, list } = addressedType(path) ?? { type: '', list: true };
      if (method !== 'GET' || status !== 200 || list || !describedTypes[type]) return [];
      taken.add(type);
      try {
        readBody(type, 'PUT', answer as JsonObject);
        return [];
      } catch (error) {
        return [`${type}: ${JSON.stringify((error as ArmError).body)}`];
      }
    });
    expect([...new Set(refused)]).toEqual([]);
    expect(taken.size).toBeGreaterThan(20);
  });

  test('cover everything that Moat sends: no type is left out.', () => {
    const sent = new Set(
      exchanges
        .filter(({ method, path }) => method === 'PUT' && !path.startsWith('/_emulator'))
        .map(({ path }) => path),
    );
    const covered = [...sent].filter((path) => !checked.requestedPaths.has(path));
    expect(covered).toEqual([]);
    expect([...checked.answered].toSorted()).toEqual([...checked.requested].toSorted());
  });

  test('explain each exception: one that no longer occurs is removed.', () => {
    const unused = exceptions.filter(({ what }) => !checked.findings.some(({ text }) => what.test(text)));
    expect(unused).toEqual([]);
  });
});
