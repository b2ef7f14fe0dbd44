import { expect, it } from 'vitest';
import { suggestedRegions } from '../../src/domain/regions.ts';
import { regions } from '../../src/emulator/arm/regions.ts';

it('has every region that is suggested for a new environment', () => {
  expect(suggestedRegions.filter((region) => !regions.has(region))).toEqual([]);
});
