import { until } from '../e2e/support/until.ts';
import { articleTemplate } from './articleTemplate.ts';

/** Sends a request to ARM; rejects on an error. */
export type Send = (
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  version: string,
  body?: object,
) => Promise<unknown>;

interface Created {
  properties?: { provisioningState?: string };
}

export interface ArticleEnvironment {
  group: string;
  /** what `az vm create` makes, in the article's step, without the address */
  machine: string[];
  address: string;
  /** the vault's zone with the template's name, and its link */
  wrongZone: string[];
}

/** Creates a resource and waits for its end. */
async function create(send: Send, path: string, version: string, body: object): Promise<void> {
  await send('PUT', path, version, body);
  const state = await until(path, async () => {
    const { properties } = (await send('GET', path, version)) as Created;
    const reached = properties?.provisioningState ?? 'Succeeded';
    return /^(succeeded|failed|canceled)$/i.test(reached) && reached;
  });
  if (!/^succeeded$/i.test(state)) throw new Error(`${path}: ${JSON.stringify(await send('GET', path, version))}`);
}

/** Creates what the article's script does until its endpoint: group, template and virtual machine. */
export async function createArticleEnvironment(
  send: Send,
  { subscriptionId, group, suffix, location }: Record<'subscriptionId' | 'group' | 'suffix' | 'location', string>,
): Promise<ArticleEnvironment> {
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const idOf = (type: string, name: string): string => `${groupId}/providers/${type}/${name}`;
  await send('PUT', groupId, '2021-04-01', { location });
  const managed = `/subscriptions/${subscriptionId}/resourceGroups/ai_appi-${suffix}_managed`;
  const logAnalytics = `${managed}/providers/Microsoft.OperationalInsights/workspaces/managed-appi-${suffix}-ws`;
  await send('PUT', managed, '2021-04-01', { location });
  await create(send, logAnalytics, '2023-09-01', { location, properties: { sku: { name: 'PerGB2018' } } });
  await create(send, idOf('Microsoft.Resources/deployments', 'setup'), '2021-04-01', {
    properties: { mode: 'Incremental', template: articleTemplate(suffix, location, logAnalytics) },
  });
  const jumpbox = await createMachine(send, idOf, { suffix, location });
  const zone = idOf('Microsoft.Network/privateDnsZones', 'privatelink.vault.azure.net');
  const { value } = (await send('GET', `${zone}/virtualNetworkLinks`, '2020-06-01')) as { value: { id: string }[] };
  return { group: groupId, ...jumpbox, wrongZone: [zone, ...value.map(({ id }) => id)] };
}

/** `az vm create --name moevm`: with security group, public address and interface, all of which outlive it. */
async function createMachine(
  send: Send,
  idOf: (type: string, name: string) => string,
  { suffix, location }: { suffix: string; location: string },
): Promise<Pick<ArticleEnvironment, 'machine' | 'address'>> {
  const securityGroup = idOf('Microsoft.Network/networkSecurityGroups', 'moevmNSG');
  const address = idOf('Microsoft.Network/publicIPAddresses', 'moevmPublicIP');
  const networkInterface = idOf('Microsoft.Network/networkInterfaces', 'moevmVMNic');
  const machine = idOf('Microsoft.Compute/virtualMachines', 'moevm');
  const disk = idOf('Microsoft.Compute/disks', 'moevm_OsDisk_1');
  const subnet = `${idOf('Microsoft.Network/virtualNetworks', `vnet-${suffix}`)}/subnets/snet-scoring`;
  await create(send, securityGroup, '2023-09-01', { location, properties: { securityRules: [] } });
  await create(send, address, '2023-09-01', {
    location,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  });
  await create(send, networkInterface, '2023-09-01', interfaceOf(location, subnet, securityGroup, address));
  await create(send, machine, '2024-03-01', {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_DS1_v2' },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: { name: 'moevm_OsDisk_1', createOption: 'FromImage', deleteOption: 'Detach' },
      },
      osProfile: { computerName: 'moevm', adminUsername: 'azureuser', adminPassword: 'an-Example-1234' },
      networkProfile: { networkInterfaces: [{ id: networkInterface, properties: { primary: true } }] },
    },
  });
  return { machine: [machine, disk, networkInterface, securityGroup], address };
}

const interfaceOf = (location: string, subnet: string, securityGroup: string, address?: string): object => ({
  location,
  properties: {
    networkSecurityGroup: { id: securityGroup },
    ipConfigurations: [
      {
        name: 'ipconfigmoevm',
        properties: { subnet: { id: subnet }, ...(address !== undefined && { publicIPAddress: { id: address } }) },
      },
    ],
  },
});

/** As a person does whom the plan asks to: detaches and deletes the machine's public address. */
export async function removeAddress(
  send: Send,
  { group, machine, address }: ArticleEnvironment,
  { suffix, location }: { suffix: string; location: string },
): Promise<void> {
  const [, , networkInterface, securityGroup] = machine as [string, string, string, string];
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-${suffix}/subnets/snet-scoring`;
  await create(send, networkInterface, '2023-09-01', interfaceOf(location, subnet, securityGroup));
  await send('DELETE', address, '2023-09-01');
  const list = `${group}/providers/Microsoft.Network/publicIPAddresses`;
  await until('the address is deleted', async () => {
    const { value } = (await send('GET', list, '2023-09-01')) as { value: object[] };
    return value.length === 0;
  });
}

/** The article's endpoint and its deployment `blue`, from an image that is in the registry already. `control` sets objects of the emulator. */
export async function createArticleEndpoint(
  send: Send,
  control: (method: string, path: string, body?: object) => Promise<unknown>,
  { group, suffix, location, endpoint }: Record<'group' | 'suffix' | 'location' | 'endpoint', string>,
): Promise<void> {
  const version = '2024-04-01';
  const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-${suffix}`;
  // the template's api-version makes a workspace in legacy mode, in which no endpoint can be created
  await send('PATCH', workspace, '2024-10-01', { properties: { v1LegacyMode: false } });
  const store = (await send('GET', `${workspace}/datastores/workspaceblobstore`, version)) as {
    properties: { containerName: string };
  };
  const image = `cr${suffix}.azurecr.io/repo/img:v1`;
  const files = `blob:st${suffix}/${store.properties.containerName}/a`;
  await control('PUT', `objects/${encodeURIComponent(`${files}/code/score.py`)}`, { value: 'import joblib' });
  await control('PUT', `objects/${encodeURIComponent(`${files}/model/m.pkl`)}`, { value: '{}' });
  await control('PUT', `objects/${encodeURIComponent(`image:${image}`)}`, {
    value: { digest: 'sha256:0a', manifest: JSON.stringify({ contents: servingImage }) },
  });
  const asset = (kind: string): string => `${workspace}/${kind}/article/versions/1`;
  await send('PUT', asset('codes'), version, { properties: { codeUri: at('code') } });
  await send('PUT', asset('models'), version, { properties: { modelUri: at('model') } });
  await send('PUT', asset('environments'), version, { properties: { image } });
  await create(send, `${workspace}/onlineEndpoints/${endpoint}`, version, {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key', publicNetworkAccess: 'Disabled' },
  });
  await create(send, `${workspace}/onlineEndpoints/${endpoint}/deployments/blue`, version, {
    location,
    sku: { name: 'Default', capacity: 1 },
    properties: {
      endpointComputeType: 'Managed',
      instanceType: 'Standard_F2s_v2',
      egressPublicNetworkAccess: 'Disabled',
      model: asset('models'),
      environmentId: asset('environments'),
      codeConfiguration: { codeId: asset('codes'), scoringScript: 'score.py' },
    },
  });
}

const at = (path: string): string => `azureml://datastores/workspaceblobstore/paths/a/${path}`;

const servingImage = {
  python: '3.12',
  serving: '/azureml-envs/minimal',
  environments: {
    '/azureml-envs/minimal': { 'azureml-inference-server-http': '1.4.1', 'scikit-learn': '1.7.0', joblib: '1.5.0' },
  },
  starts: 'runsvdir',
  labels: {},
  sizeGb: 2,
};
