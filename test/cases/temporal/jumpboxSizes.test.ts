import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { failWith } from '../../workflows/fakeArm.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

const capacityMessage = (size: string) =>
  `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently not available in location 'eastus'. Please try another size or deploy to a different location or different zone.`;
const sizes = ['Standard_D2s_v5', 'Standard_D2as_v5'];

const notAvailable = (size: string, retry: boolean) =>
  failWith('Capacity', capacityMessage(size), { code: 'SkuNotAvailable', retry });

describe('A07 in the workflow', () => {
  let moat: WorkflowHarness;
  beforeAll(async () => {
    moat = await startWorkflowHarness(inject('temporal').address, 'jumpbox-sizes');
  });
  afterAll(() => moat.close());

  test('A07 the next size is tried by itself', async () => {
    moat.arm('nextsize').onNextCalls('ensureResource virtualMachine', notAvailable(sizes[0]!, false));
    await moat.create('nextsize', { jumpbox: { sizes, diskGb: 64 } });
    expect(await moat.untilState('nextsize', 'ready', 'failed')).toMatchObject({ state: 'ready', failure: null });
  });

  test('A07 sizes that are only short of capacity are tried again', async () => {
    const none = [notAvailable(sizes[0]!, true), notAvailable(sizes[1]!, true)];
    moat.arm('waits').onNextCalls('ensureResource virtualMachine', ...none);
    await moat.create('waits', { jumpbox: { sizes, diskGb: 64 } });
    expect(await moat.untilState('waits', 'ready', 'failed')).toMatchObject({ state: 'ready' });
  });

  test('The role that the spec names is granted for the keys, and for nothing else', async () => {
    const keyReaderRoleDefinitionId = '/providers/Microsoft.Authorization/roleDefinitions/r';
    await moat.create('namedrole', { jumpbox: { sizes, diskGb: 64, keyReaderRoleDefinitionId } });
    await moat.untilState('namedrole', 'ready');
    const granted = moat.arm('namedrole');
    expect(granted.inputs('grantRole listKeys')).toMatchObject([{ roleDefinitionId: keyReaderRoleDefinitionId }]);
    expect(granted.inputs('grantRole pushImages')[0]).not.toHaveProperty('roleDefinitionId');
  });

  test('A07 without any size, the run fails with each reason, and names jumpbox.sizes and location', async () => {
    const none = sizes.map((size) => notAvailable(size, false));
    moat.arm('nosize').onNextCalls('ensureResource virtualMachine', ...none);
    await moat.create('nosize', { jumpbox: { sizes, diskGb: 64 } });
    const { failure } = await moat.untilState('nosize', 'failed');
    expect(failure).toMatchObject({ step: 'jumpbox', type: 'Capacity', code: 'SkuNotAvailable' });
    for (const size of sizes) expect(failure!.message).toContain(`${size}: The requested VM size`);
    expect(failure!.remedy).toMatch(/"jumpbox\.sizes".*"location"/);
    expect(failure!.remedy).not.toContain('list-skus');
  });
});
