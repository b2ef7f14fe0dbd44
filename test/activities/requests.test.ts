import { afterAll, beforeAll, expect, test } from 'vitest';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { attempt, keys, createResource, startEmulatorHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

/** The SDK serializers drop unknown members silently, so the requests that isolate are checked as sent. */
let harness: EmulatorHarness;
const versions = { codeId: '', modelId: '', environmentId: '' };
beforeAll(async () => {
  harness = await startEmulatorHarness();
  const { activities, ref } = harness;
  await attempt(activities.ensureGroup, { ref, tags: { environment: ref.name } });
  for (const key of [...keys, 'buildInternetRule'] as const) await createResource(harness, key);
  const uploaded = {
    image: 'crk3x9a0q7.azurecr.io/moat/custom@sha256:1',
    tag: 'crk3x9a0q7.azurecr.io/moat/custom:1',
    codePath: 'moat/1/code',
    modelPath: 'moat/1/model',
  };
  Object.assign(versions, await untilDone(activities.registerVersions, { ref, uploaded, format: 'mlflow' }));
  const options = { ...specDefaults, versions, instanceCount: 2, format: 'mlflow' } as const;
  await attempt(activities.beginResource, { ref, key: 'deployment', readFirst: false, options });
}, 60_000);
afterAll(() => harness.close());

const body = async (key: ResourceKey) => {
  const sent = await harness.sent('PUT', new RegExp(`${plannedResource(harness.ref, key).id}$`, 'i'));
  return sent[0]?.body ?? {};
};
const properties = async (key: ResourceKey) => (await body(key))['properties'] as Record<string, unknown>;

test('The storage account rejects public access and requires TLS 1.2.', async () => {
  expect(await properties('storageAccount')).toMatchObject({
    publicNetworkAccess: 'Disabled',
    allowBlobPublicAccess: false,
    minimumTlsVersion: 'TLS1_2',
    supportsHttpsTrafficOnly: true,
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
  });
});

test('The vault is closed except to Azure’s own services, and keeps deleted items for a week.', async () => {
  expect(await properties('vault')).toMatchObject({
    publicNetworkAccess: 'Disabled',
    enableRbacAuthorization: true,
    accessPolicies: [],
    softDeleteRetentionInDays: 7,
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
    tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
});

test('The registry is Premium, closed, and has no admin user.', async () => {
  expect(await body('registry')).toMatchObject({
    sku: { name: 'Premium' },
    properties: { publicNetworkAccess: 'Disabled', adminUserEnabled: false, networkRuleSet: { defaultAction: 'Deny' } },
  });
});

test('The workspace is closed and not in the legacy mode.', async () => {
  expect(await properties('workspace')).toMatchObject({ publicNetworkAccess: 'Disabled', v1LegacyMode: false });
});

test('Application Insights belongs to a Log Analytics workspace.', async () => {
  const { id } = plannedResource(harness.ref, 'logAnalytics');
  expect(await properties('applicationInsights')).toMatchObject({ WorkspaceResourceId: id });
});

test('The endpoint has no public access, and the deployment no egress.', async () => {
  expect(await properties('onlineEndpoint')).toMatchObject({ publicNetworkAccess: 'Disabled', authMode: 'Key' });
  expect(await body('deployment')).toMatchObject({
    sku: { name: 'Default', capacity: 2 },
    properties: {
      egressPublicNetworkAccess: 'Disabled',
      endpointComputeType: 'Managed',
      instanceType: 'Standard_DS2_v2',
      model: versions.modelId,
      environmentId: versions.environmentId,
      codeConfiguration: { codeId: versions.codeId, scoringScript: 'score.py' },
      environmentVariables: { MLFLOW_MODEL_FOLDER: 'model' },
    },
  });
});

test('The model is registered as a custom one, whatever its format: MLflow’s own cannot be served without egress.', async () => {
  const [sent] = await harness.sent('PUT', /\/models\/[^/]+\/versions\//);
  expect(sent?.body).toMatchObject({
    properties: {
      modelType: 'custom_model',
      modelUri: expect.stringMatching(
        /^azureml:\/\/subscriptions\/.*\/datastores\/workspaceblobstore\/paths\/moat\/1\/model$/,
      ) as string,
    },
  });
});

test('The environment version has the three routes of the container.', async () => {
  const [sent] = await harness.sent('PUT', /\/environments\/[^/]+\/versions\//);
  expect(sent?.body).toMatchObject({
    properties: {
      osType: 'Linux',
      inferenceConfig: {
        livenessRoute: { port: 5001, path: '/' },
        readinessRoute: { port: 5001, path: '/' },
        scoringRoute: { port: 5001, path: '/score' },
      },
    },
  });
});

test('The subnet has its security group, one explicit outbound path, and allows private endpoints.', async () => {
  const { subnets } = (await properties('virtualNetwork')) as { subnets: { properties: object }[] };
  expect(subnets).toHaveLength(1);
  expect(subnets[0]!.properties).toMatchObject({
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: 'Disabled',
    networkSecurityGroup: { id: plannedResource(harness.ref, 'networkSecurityGroup').id },
    natGateway: { id: plannedResource(harness.ref, 'natGateway').id },
  });
});

test('Outbound Internet is denied, and no permanent rule allows it.', async () => {
  type Rule = { name: string; properties: { direction: string; access: string; destinationAddressPrefix: string } };
  const { securityRules } = (await properties('networkSecurityGroup')) as { securityRules: Rule[] };
  const toInternet = securityRules.filter((one) => one.properties.destinationAddressPrefix === 'Internet');
  expect(toInternet).toHaveLength(1);
  expect(toInternet[0]!.properties).toMatchObject({
    direction: 'Outbound',
    access: 'Deny',
    priority: 4000,
    protocol: '*',
  });
  expect(await properties('buildInternetRule')).toMatchObject({
    priority: 210,
    access: 'Allow',
    sourceAddressPrefix: 'VirtualNetwork',
    destinationAddressPrefix: 'Internet',
    destinationPortRanges: ['80', '443'],
    protocol: 'Tcp',
  });
});

test('The jumpbox has no public address and no password, and its disk and interface are deleted with it.', async () => {
  const text = JSON.stringify(await body('networkInterface'));
  expect(text).not.toMatch(/publicIPAddress/i);
  const machine = await properties('virtualMachine');
  expect(JSON.stringify(machine)).not.toMatch(/adminPassword/i);
  expect(machine).toMatchObject({
    osProfile: {
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ keyData: expect.stringMatching(/^ssh-rsa AAAAB3NzaC1yc2E/) as string }] },
      },
    },
    storageProfile: { osDisk: { deleteOption: 'Delete' } },
    networkProfile: { networkInterfaces: [{ properties: { deleteOption: 'Delete' } }] },
    securityProfile: { securityType: 'TrustedLaunch' },
  });
});

test('The vault’s records are in the zone that resolves its name.', async () => {
  const configs = (await properties('zoneGroup:vault'))['privateDnsZoneConfigs'];
  const { id } = plannedResource(harness.ref, 'zone:privatelink.vaultcore.azure.net');
  expect(configs).toMatchObject([{ properties: { privateDnsZoneId: id } }]);
});
