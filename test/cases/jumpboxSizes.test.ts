import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import {
  attempt,
  createMachineNetwork,
  createResource,
  failureOf,
  startEmulatorHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

const capacityMessage = (size: string) =>
  `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently not available in location 'eastus'. Please try another size or deploy to a different location or different zone.`;

describe('A07 against ARM', () => {
  let harness: EmulatorHarness;
  const machine = (vmSize: string, diskGb = 64) => ({
    ref: harness.ref,
    key: 'virtualMachine' as const,
    readFirst: true,
    options: { vmSize, diskGb },
  });
  const path = () => new RegExp(`${plannedResource(harness.ref, 'virtualMachine').id}$`, 'i');
  beforeAll(async () => {
    harness = await startEmulatorHarness();
    await createMachineNetwork(harness);
  });
  beforeEach(async () => {
    await harness.control('DELETE', 'faults');
    await harness.control('DELETE', 'requests');
  });
  afterAll(() => harness.close());

  const fail = (effect: object, times = 1) =>
    harness.control('POST', 'faults', {
      match: { method: 'PUT', type: 'Microsoft.Compute/virtualMachines' },
      effect,
      times,
    });

  test.each([
    ['SkuNotAvailable', capacityMessage('Standard_D2s_v5')],
    [
      'AllocationFailed',
      'Allocation failed. We do not have sufficient capacity for the requested VM size in this region.',
    ],
  ])('A07 %s is left to the workflow at once', async (code, message) => {
    await fail({ status: 409, code, message });
    const failure = await failureOf(attempt(harness.activities.beginResource, machine('Standard_D2s_v5')));
    expect(failure).toMatchObject({ type: 'Capacity', nonRetryable: true });
    expect(await harness.sent('PUT', path())).toHaveLength(1);
  });

  test('A08 the second create on the same interface waits until it is released', async () => {
    const message =
      'Nic(s) in request is reserved for another Virtual Machine for 180 seconds. Please provide another nic(s) or retry after 180 seconds. Reserved VM: x';
    await fail({ status: 400, code: 'NicReservedForAnotherVm', message });
    const failure = await failureOf(attempt(harness.activities.beginResource, machine('Standard_D2as_v5')));
    expect(failure).toMatchObject({ type: 'Busy', nonRetryable: false });
    await createResource(harness, 'virtualMachine', machine('Standard_D2as_v5').options, true);
  });

  test('A07 an existing machine keeps its size, whichever is tried first', async () => {
    const kept = await untilDone(harness.activities.beginResource, machine('Standard_D2s_v5'));
    expect(kept).toMatchObject({ state: 'Succeeded', token: null });
    expect(await harness.sent('PUT', path())).toEqual([]);
  });

  test('I12 a larger disk replaces the machine', async () => {
    await createResource(harness, 'virtualMachine', machine('Standard_D2s_v5', 128).options, true);
    expect(await harness.sent('DELETE', path())).toHaveLength(1);
    const [put] = await harness.sent('PUT', path());
    expect(put?.body).toMatchObject({ properties: { storageProfile: { osDisk: { diskSizeGB: 128 } } } });
  });
});
