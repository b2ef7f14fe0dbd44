import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/activities/preflight/facts.ts';
import type { PreflightContext } from '../../src/activities/preflight/readers/preflightContext.ts';
import { readers } from '../../src/activities/preflight/readers/readers.ts';
import { deploymentQuota } from '../../src/activities/preflight/rules/quotaRules.ts';
import { matchesDesired } from '../../src/activities/resources/matchesDesired.ts';
import { readOutputs } from '../../src/activities/resources/readOutputs.ts';
import { provisioningStateOf, resourceHandle } from '../../src/activities/resources/resourceType.ts';
import { resourceTypeOf } from '../../src/activities/resources/resourceTypes.ts';
import { getWorkspace } from '../../src/activities/resources/types/mlWorkspace.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { azureThatAnswers, exampleOf, subscriptionId } from './publishedAnswers.ts';

const ref = { subscriptionId, name: 'churn1', location: 'eastus', suffix: 'k3x9a0q7' };
const deps = async (body: unknown) => ({
  azure: await azureThatAnswers(body),
  sealKey: 'a key of the tests',
  allowPrivateRepositories: false,
});

interface Usage {
  id: string;
  type: string;
  currentValue: number;
  limit: number;
  name: { value: string };
}

/** The severity of each finding about a deployment of 2 cores, and 2 for the reserve; and the quota that it names. */
async function quotaFindings(value: Usage[]): Promise<string[]> {
  const spec = { instanceType: 'Standard_DS2_v2', instanceCount: 1 };
  const context = { ...(await deps({ value })), ref, spec, inventory: [] } as unknown as PreflightContext;
  const mlCores = await readers.mlCores.read(context);
  return deploymentQuota
    .check({ environment: context, mlCores } as unknown as Facts)
    .map(({ severity, message }) => `${severity}: ${/standardDSv2Family|TotalDedicatedCores/.exec(message)?.[0]}`);
}

const subscriptionUsages = `/subscriptions/${subscriptionId}/usages`;
const row = (type: string, limit: number, name = 'standardDSv2Family', id = subscriptionUsages): Usage => ({
  id: `${id}/${name}`,
  type: `Microsoft.MachineLearningServices/${type}/usages`,
  currentValue: 0,
  limit,
  name: { value: name },
});

const published = (): Usage[] => (exampleOf('usages') as { value: Usage[] }).value;

const family = 'Standard DSv2 Family Cluster Dedicated vCPUs';
const withLimit = (type: RegExp, name: string, limit: number): Usage[] =>
  published().map((one) => (type.test(one.type) && one.name.value === name ? { ...one, limit } : one));

describe('The quota for the deployment, read from', () => {
  test('the published example is enough.', async () => {
    expect(await quotaFindings(published())).toEqual([]);
  });

  test('the published example is the subscription’s row, not one of a workspace.', async () => {
    expect(await quotaFindings(withLimit(/\/workspaces\//, family, 0))).toEqual([]);
    expect(await quotaFindings(withLimit(/\/vmFamily\//, family, 5))).toEqual(['blocks: standardDSv2Family']);
  });

  test('the published example counts the cores of all families together.', async () => {
    expect(await quotaFindings(withLimit(/./, 'Total Cluster Dedicated Regional vCPUs', 16))).toEqual([
      'blocks: TotalDedicatedCores',
    ]);
  });

  test('rows that differ only by type is the dedicated one, whichever comes first.', async () => {
    const dedicated = row('vmFamily/dedicatedCores', 6);
    const lowPriority = row('vmFamily/lowPriorityCores', 0);
    expect(await quotaFindings([lowPriority, dedicated])).toEqual([]);
    expect(await quotaFindings([dedicated, lowPriority])).toEqual([]);
    expect(await quotaFindings([row('vmFamily/lowPriorityCores', -1), { ...dedicated, limit: 0 }])).toEqual([
      'blocks: standardDSv2Family',
    ]);
  });

  test('rows of workspaces is none of theirs.', async () => {
    const workspace = plannedResource(ref, 'workspace').id;
    const ofWorkspace = row('workspaces/dedicatedCores', 0, 'standardDSv2Family', `${workspace}/usages`);
    expect(await quotaFindings([ofWorkspace, row('dedicatedCores', 6)])).toEqual([]);
  });

  test('a limit of -1 is unlimited.', async () => {
    expect(
      await quotaFindings([row('vmFamily/dedicatedCores', -1), row('totalDedicatedCores', -1, 'TotalDedicatedCores')]),
    ).toEqual([]);
  });

  test('rows without the family is unknown, and blocks nothing.', async () => {
    expect(await quotaFindings([row('vmFamily/lowPriorityCores', 0)])).toEqual(['unknown: standardDSv2Family']);
  });
});

const read = async (key: 'onlineEndpoint' | 'deployment', example: string): Promise<object> => {
  const { id } = plannedResource(ref, key);
  const { azure } = await deps(exampleOf(example));
  return resourceTypeOf(id).get(resourceHandle(azure, id));
};

describe('The published example of', () => {
  test('an online endpoint is read: its address and its state.', async () => {
    expect(await readOutputs(await deps(exampleOf('onlineEndpoint')), { ref })).toMatchObject({
      scoringUri: 'https://www.contoso.com/example',
    });
    expect(provisioningStateOf(await read('onlineEndpoint', 'onlineEndpoint'))).toBe('Creating');
  });

  test('a managed deployment is read: state, size and probes.', async () => {
    const found = await read('deployment', 'managedOnlineDeployment');
    expect(provisioningStateOf(found)).toBe('Creating');
    const readinessProbe = { failureThreshold: 30, period: 'PT10S', timeout: 'PT2S', initialDelay: 'PT1S' };
    const properties = { endpointComputeType: 'Managed', scaleSettings: { scaleType: 'Default' }, readinessProbe };
    expect(matchesDesired(found, { sku: { capacity: 1 }, properties })).toBe(true);
    expect(matchesDesired(found, { properties: { egressPublicNetworkAccess: 'Disabled' } })).toBe(false);
  });

  test('a workspace is read: closed, with its connection.', async () => {
    const { azure } = await deps(exampleOf('workspace'));
    const found = await getWorkspace({ generic: azure.generic, id: plannedResource(ref, 'workspace').id });
    expect(found.properties).toMatchObject({ publicNetworkAccess: 'Disabled', privateLinkCount: 0 });
    expect(provisioningStateOf(found)).toBe('Succeeded');
  });

  test('a datastore is read: account and container.', async () => {
    const { azure } = await deps(exampleOf('datastore'));
    const { datastores } = azure.clients(subscriptionId).machineLearning;
    const { properties } = await datastores.get('rg', 'mlw', 'workspaceblobstore');
    expect(properties).toMatchObject({ datastoreType: 'AzureBlob', accountName: 'string', containerName: 'string' });
  });
});
