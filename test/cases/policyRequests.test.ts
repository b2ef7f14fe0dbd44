import { describe, expect, test } from 'vitest';
import { blocking } from '../../src/domain/preflightReport.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { attempt, failureOf } from '../activities/emulatorHarness.ts';
import { specOf } from '../workflows/fixtures.ts';
import { storage, text, usePolicies } from './policyHarness.ts';

const { harness, rules, findingsOf } = usePolicies();

describe('What does not refuse a request', () => {
  test('A01 audits, tags that a policy adds, and assignments that are not enforced only warn', async () => {
    await rules(
      { name: 'Look', type: storage, field: 'sku.name', equals: 'Standard_LRS', effect: 'audit' },
      { name: 'Cost', type: storage, effect: 'modify', tags: { add: { 'cost-center': '42' } } },
      {
        name: 'Soft',
        type: storage,
        field: 'sku.name',
        equals: 'Standard_LRS',
        effect: 'deny',
        enforcementMode: 'DoNotEnforce',
      },
    );
    const found = await findingsOf();
    expect(found.map(({ severity }) => severity)).toEqual(['warns', 'warns', 'warns']);
    expect(found.map(({ message }) => /policyAssignments\/(\w+) (\w+)/.exec(message)?.slice(1))).toEqual([
      ['Look', 'reports'],
      ['Soft', 'denies'],
      ['Cost', 'changes'],
    ]);
    expect(found[1]!.message).toContain('not enforced');
  });

  test('A03 policies that the caller may not ask about are unknown, and what is known still blocks', async () => {
    await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny' });
    const match = { method: 'POST', id: 'checkPolicyRestrictions' };
    await harness().control('POST', 'faults', {
      match,
      times: 5,
      effect: { status: 403, code: 'AuthorizationFailed', message: 'no' },
    });
    const found = await findingsOf();
    expect(found.at(-1)).toMatchObject({
      severity: 'unknown',
      message: text(/could not be checked: AuthorizationFailed: no/),
    });
    await harness().control('POST', 'faults', {
      match,
      times: null,
      effect: { status: 404, code: 'NotFound', message: 'no' },
    });
    expect(await findingsOf()).toMatchObject([
      { severity: 'unknown', message: text(/ and \d+ more could not be checked: NotFound/) },
    ]);
  });

  test('A03 a provider that is not registered is unknown to this rule', async () => {
    await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny' });
    await harness().control('PUT', 'objects/provider:microsoft.policyinsights', { value: 'NotRegistered' });
    expect(await findingsOf()).toMatchObject([
      { severity: 'unknown', message: text(/MissingSubscriptionRegistration/) },
    ]);
  });

  test('A03 throttling is no verdict: the activity is repeated', async () => {
    await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny' });
    const match = { method: 'POST', id: 'checkPolicyRestrictions' };
    await harness().control('POST', 'faults', { match, effect: { status: 429, code: 'TooManyRequests' } });
    expect(await failureOf(findingsOf())).toMatchObject({ type: 'Throttled', nonRetryable: false });
  });

  test('A01 assignments that cannot be listed do not hide what policies say', async () => {
    await rules({ name: 'No-Zones', type: 'Microsoft.Network/privateDnsZones', effect: 'deny' });
    const match = { method: 'GET', id: 'policyAssignments' };
    await harness().control('POST', 'faults', {
      match,
      times: null,
      effect: { status: 403, code: 'AuthorizationFailed' },
    });
    expect(blocking(await findingsOf())).toHaveLength(1);
  });
});

describe('The requests', () => {
  interface Asked {
    scope?: string;
    apiVersion: string;
    resourceContent: { type: string; name: string } & Record<string, unknown>;
  }
  const asked = async () =>
    (await harness().sent('POST', /checkPolicyRestrictions/i)).map(({ body, path }) => {
      const { resourceDetails } = body as unknown as { resourceDetails: Asked };
      return { path, ...resourceDetails, ...resourceDetails.resourceContent };
    });

  test('A01 without assignments nothing is asked about', async () => {
    await harness().control('DELETE', 'requests');
    expect(await findingsOf()).toEqual([]);
    expect(await asked()).toEqual([]);
  });

  test('A01 with assignments there is one for each kind of resource, with the body that the PUT will have', async () => {
    await rules({ name: 'Elsewhere', type: 'Microsoft.Web/sites', effect: 'deny' });
    await harness().control('DELETE', 'requests');
    await findingsOf({ jumpbox: { sizes: ['Standard_E2s_v5'], diskGb: 128 } });
    const all = await asked();
    expect(all).toHaveLength(18);
    const of = (type: string) => all.find((one) => one.type === type)!;
    expect(of(storage)).toMatchObject({
      apiVersion: '2026-09-01',
      properties: {
        allowSharedKeyAccess: false,
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny' },
      },
    });
    expect(of('Microsoft.Compute/virtualMachines')).toMatchObject({
      properties: { hardwareProfile: { vmSize: 'Standard_E2s_v5' }, storageProfile: { osDisk: { diskSizeGB: 128 } } },
    });
    expect(of('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments')).toMatchObject({
      name: 'blue',
      scope: expect.stringMatching(/\/workspaces\/mlw-\w+\/onlineEndpoints\/[\w-]+$/) as string,
      properties: { egressPublicNetworkAccess: 'Disabled' },
    });
    expect(await harness().sent('PUT', /./)).toEqual([]);
  });

  test('A01 what exists is not asked about again, and the group is the scope', async () => {
    await rules({ name: 'Elsewhere', type: 'Microsoft.Web/sites', effect: 'deny' });
    const ref = { ...harness().ref, name: 'exists1', suffix: specOf('exists1').suffix };
    await attempt(harness().activities.ensureGroup, { ref, tags: {} });
    await attempt(harness().activities.beginResource, { ref, key: 'identity', readFirst: false, options: {} });
    await harness().control('DELETE', 'requests');
    await findingsOf({}, 'exists1');
    const all = await asked();
    expect(all).toHaveLength(16);
    expect(all.every(({ path }) => /resourceGroups\/rg-moat-exists1\/providers/i.test(path))).toBe(true);
    expect(all.map((one) => one.type)).not.toContain(plannedResource(ref, 'identity').type);
  });
});
