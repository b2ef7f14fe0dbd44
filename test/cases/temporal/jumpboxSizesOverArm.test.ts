import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Activities } from '../../../src/activities/index.ts';
import { resourceHandle } from '../../../src/activities/resources/resourceType.ts';
import { plannedResource } from '../../../src/domain/resources.ts';
import { createMachineNetwork, startEmulatorHarness } from '../../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../../activities/emulatorHarness.ts';
import { refNamed, subscriptionId } from '../../workflows/fixtures.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

/** The jumpbox is created by the real activities, through the emulator's operations; all other activities are fakes. */
const sizes = ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_D2s_v3'];
const type = 'Microsoft.Compute/virtualMachines';

let arm: EmulatorHarness;
let moat: WorkflowHarness;
beforeAll(async () => {
  arm = await startEmulatorHarness({ subscriptionIds: [subscriptionId] });
  const real = arm.activities;
  const activities: Partial<Activities> = {
    ensureResource: (input) => (input.key === 'virtualMachine' ? real : moat.fakeActivities).ensureResource(input),
  };
  moat = await startWorkflowHarness(inject('temporal').address, 'sizesoverarm', { activities });
});
beforeEach(async () => {
  await arm.control('DELETE', 'faults');
  await arm.control('DELETE', 'requests');
});
afterAll(async () => {
  await moat.close();
  await arm.close();
});

const networkOf = (name: string): Promise<void> => createMachineNetwork({ ...arm, ref: refNamed(name) });

const fault = (effect: object, skip: number, times = 1) =>
  arm.control('POST', 'faults', { match: { method: 'PUT', type }, effect, skip, times });
const capacity = (size: string) =>
  `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently not available in location 'westus2'. Please try another size or deploy to a different location or different zone.`;
const sizesSent = async () =>
  (await arm.sent('PUT', new RegExp(type))).map(
    ({ body }) => (body as { properties: { hardwareProfile: { vmSize: string } } }).properties.hardwareProfile.vmSize,
  );

test('A07 a size refused at once and one whose operation fails are followed by the third, on the same interface', async () => {
  await networkOf('thirdsize');
  await fault({ status: 409, code: 'SkuNotAvailable', message: capacity(sizes[0]!) }, 0);
  await fault(
    {
      failOperation: {
        code: 'AllocationFailed',
        message: 'We do not have sufficient capacity for the requested VM size in this region.',
      },
    },
    0,
  );
  const { id } = plannedResource(refNamed('thirdsize'), 'virtualMachine');
  await moat.create('thirdsize', { jumpbox: { sizes, diskGb: 64 } });
  expect(await moat.untilState('thirdsize', 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
  expect(await sizesSent()).toEqual(sizes);
  // the machine that came up Failed is deleted before the next size is tried
  expect(await arm.sent('DELETE', new RegExp(type))).toHaveLength(1);
  const { clients, group, names } = resourceHandle(arm.azure, id);
  expect(await clients.compute.virtualMachines.get(group, names[0]!)).toMatchObject({
    hardwareProfile: { vmSize: sizes[2] },
    provisioningState: 'Succeeded',
  });
});

test('A07 without capacity for any size, each is tried in rounds, and the failure has each reason', async () => {
  await networkOf('nosizeatall');
  for (let i = 0; i < 10; i++)
    await fault({ status: 409, code: 'SkuNotAvailable', message: capacity(sizes[i % 2]!) }, 0);
  await moat.create('nosizeatall', { jumpbox: { sizes: sizes.slice(0, 2), diskGb: 64 } });
  const { failure } = await moat.untilState('nosizeatall', 'ready', 'failed');
  expect(failure).toMatchObject({ step: 'jumpbox', type: 'Capacity', code: 'SkuNotAvailable' });
  for (const size of sizes.slice(0, 2)) expect(failure!.message).toContain(`${size}: The requested VM size`);
  expect(await sizesSent()).toEqual(Array(5).fill(sizes.slice(0, 2)).flat());
});
