import { ComputeManagementClient } from '@azure/arm-compute';
import type { VirtualMachine, VirtualMachineRunCommand } from '@azure/arm-compute';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure, credential, finish } from './servicesHarness.ts';

const location = 'westus2';
const group = 'rg-compute';
let azure: Azure;
let subnet: string;

const client = (): ComputeManagementClient =>
  new ComputeManagementClient(credential, azure.subscriptionId, azure.clientOptions);
const provider = (path: string): string => `${azure.groupId(group)}/providers/Microsoft.${path}`;

async function makeInterface(name: string): Promise<string> {
  const id = provider(`Network/networkInterfaces/${name}`);
  const ipConfigurations = [
    { name: 'ipconfig1', properties: { subnet: { id: subnet }, privateIPAllocationMethod: 'Dynamic' } },
  ];
  await azure.putResource(id, { location, properties: { ipConfigurations } });
  return id;
}

type Change = { size?: string; sku?: string; deleteOption?: 'Delete' | 'Detach'; user?: string };

const machine = (interfaceId: string, { size, sku, deleteOption = 'Delete', user }: Change = {}): VirtualMachine => ({
  location,
  hardwareProfile: { vmSize: size ?? 'Standard_F2s_v2' },
  storageProfile: {
    imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: sku ?? 'server', version: 'latest' },
    osDisk: { createOption: 'FromImage', deleteOption },
  },
  osProfile: {
    computerName: 'jumpbox',
    adminUsername: user ?? 'moat',
    linuxConfiguration: {
      disablePasswordAuthentication: true,
      ssh: { publicKeys: [{ path: '/home/moat/.ssh/authorized_keys', keyData: 'ssh-rsa AAAAB3NzaC1yc2E= moat' }] },
    },
  },
  networkProfile: { networkInterfaces: [{ id: interfaceId, deleteOption }] },
});

const putMachine = async (name: string, change: Change = {}): Promise<void> => {
  const interfaceId = await makeInterface(`nic-${name}`);
  await finish(client().virtualMachines.createOrUpdate(group, name, machine(interfaceId, change)));
};

const submitMachine = (interfaceId: string): Promise<void> =>
  client().virtualMachines.createOrUpdate(group, 'second', machine(interfaceId)).submitted();

const runCommand = async (name: string, change: Partial<VirtualMachineRunCommand>): Promise<void> => {
  const body = { location, timeoutInSeconds: 600, ...change };
  await finish(client().virtualMachineRunCommands.createOrUpdate(group, 'jumpbox', name, body));
};

/** The instance view of a run command when its script has ended. */
async function outcomeOf(name: string): Promise<NonNullable<VirtualMachineRunCommand['instanceView']>> {
  for (;;) {
    const { virtualMachineRunCommands } = client();
    const expand = { expand: 'instanceView' };
    const { instanceView } = await virtualMachineRunCommands.getByVirtualMachine(group, 'jumpbox', name, expand);
    if (instanceView && !['Pending', 'Running'].includes(instanceView.executionState ?? '')) return instanceView;
    await wait(5);
  }
}

beforeAll(async () => {
  azure = await Azure.start();
  await azure.putResource(azure.groupId(group), { location });
  const network = provider('Network/virtualNetworks/vnet-c');
  const properties = { addressPrefix: '192.168.0.0/24' };
  await azure.putResource(network, {
    location,
    properties: {
      addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
      subnets: [{ name: 'snet-scoring', properties }],
    },
  });
  subnet = `${network}/subnets/snet-scoring`;
  await putMachine('jumpbox');
});
afterAll(() => azure.stop());

describe('a virtual machine', () => {
  it('creates its disk, keeps its interface in use, and reports that it is running', async () => {
    const vm = await client().virtualMachines.get(group, 'jumpbox', { expand: 'instanceView' });
    expect(vm.instanceView?.statuses?.map(({ code }) => code)).toContain('PowerState/running');
    expect(vm.instanceView?.vmAgent?.statuses?.[0]?.displayStatus).toBe('Ready');
    expect(vm.osProfile).toMatchObject({ secrets: [], linuxConfiguration: { provisionVMAgent: true } });
    const disk = await client().disks.get(group, vm.storageProfile?.osDisk?.name ?? '');
    expect(disk.managedBy?.toLowerCase()).toBe(vm.id?.toLowerCase());
    expect(vm.storageProfile?.imageReference?.exactVersion).toMatch(/^24\.04\./);
    const { body } = await azure.send('get', provider('Network/networkInterfaces/nic-jumpbox'));
    expect((body['properties'] as JsonObject)['virtualMachine']).toEqual({ id: vm.id });
    expect((body['properties'] as JsonObject)['macAddress']).toMatch(/^([0-9A-F]{2}-){5}[0-9A-F]{2}$/);
  });

  it('keeps its disk after a second PUT', async () => {
    const diskName = async (): Promise<string | undefined> =>
      (await client().virtualMachines.get(group, 'jumpbox')).storageProfile?.osDisk?.name;
    const before = await diskName();
    const body = machine(provider('Network/networkInterfaces/nic-jumpbox'));
    await finish(client().virtualMachines.createOrUpdate(group, 'jumpbox', body));
    expect(await diskName()).toBe(before);
  });

  it('deletes what has deleteOption Delete with it, and nothing else', async () => {
    const remove = (name: string): Promise<void> => finish(client().virtualMachines.delete(group, name));
    const diskOf = async (name: string): Promise<string> =>
      (await client().virtualMachines.get(group, name)).storageProfile?.osDisk?.name ?? '';
    await putMachine('clean');
    const own = await diskOf('clean');
    await remove('clean');
    await expect(client().disks.get(group, own)).rejects.toMatchObject({ statusCode: 404 });
    expect((await azure.send('get', provider('Network/networkInterfaces/nic-clean'))).status).toBe(404);

    await putMachine('messy', { deleteOption: 'Detach' });
    const left = await diskOf('messy');
    await expect(client().disks.delete(group, left).submitted()).rejects.toMatchObject({ code: 'OperationNotAllowed' });
    await remove('messy');
    expect((await client().disks.get(group, left)).diskState).toBe('Unattached');
    await finish(client().disks.delete(group, left));
    expect((await azure.send('get', provider('Network/networkInterfaces/nic-messy'))).status).toBe(200);
  });

  it.each([
    ['an image that was withdrawn', { sku: '18.04-LTS' }, 'PlatformImageNotFound'],
    ['a size that does not exist', { size: 'Standard_Huge' }, 'InvalidParameter'],
    ['a size that this subscription cannot have here', { size: 'Standard_D4s_v5' }, 'SkuNotAvailable'],
    ['a size that exceeds the quota of its family', { size: 'Standard_D8s_v3' }, 'OperationNotAllowed'],
    ['an administrator called admin', { user: 'admin' }, 'InvalidParameter'],
  ])('is refused with %s', async (_title, change: Change, code) => {
    await azure.object(`sku:compute:Standard_D4s_v5:${location}`, 'NotAvailableForSubscription');
    await azure.object(`quota:compute:standardDSv3Family:${location}`, 4);
    const interfaceId = await makeInterface('nic-refused');
    const body = machine(interfaceId, change);
    await expect(client().virtualMachines.createOrUpdate(group, 'refused', body).submitted()).rejects.toMatchObject({
      code,
    });
  });

  it('needs an interface that exists and belongs to no other machine', async () => {
    await expect(submitMachine(provider('Network/networkInterfaces/none'))).rejects.toMatchObject({
      code: 'InvalidResourceReference',
    });
    await expect(submitMachine(provider('Network/networkInterfaces/nic-jumpbox'))).rejects.toMatchObject({
      code: 'NicInUse',
    });
  });
});

describe('the compute quota', () => {
  it('counts the cores of the machines, and the size list reports restrictions of the subscription', async () => {
    const usages = new Map<string, number>();
    for await (const { name, currentValue } of client().usage.list(location))
      usages.set(name.value ?? '', currentValue);
    expect(usages.get('standardFSv2Family')).toBeGreaterThanOrEqual(2);
    await azure.object(`sku:compute:Standard_B2s:${location}`, 'NotAvailableForSubscription');
    const restricted: (string | undefined)[] = [];
    for await (const sku of client().resourceSkus.list({ filter: `location eq '${location}'` }))
      if (sku.restrictions?.length) restricted.push(sku.name);
    expect(restricted).toContain('Standard_B2s');
  });

  it('lists sizes of every region when no region is given', async () => {
    const places: (string | undefined)[] = [];
    for await (const sku of client().resourceSkus.list())
      if (sku.name === 'Standard_F2s_v2') places.push(sku.locations?.[0]);
    expect(places).toEqual(expect.arrayContaining(['westus2', 'northeurope']));
  });

  it('finds its image in the catalogue, down to the version', async () => {
    const { virtualMachineImages: images } = client();
    expect((await images.listPublishers(location)).map(({ name }) => name)).toEqual(['Canonical']);
    const offers = await images.listOffers(location, 'canonical');
    expect(offers.map(({ name }) => name)).toContain('ubuntu-24_04-lts');
    const skus = await images.listSkus(location, 'Canonical', 'ubuntu-24_04-lts');
    expect(skus.map(({ name }) => name)).toContain('server');
    const [newest] = await images.list(location, 'Canonical', 'ubuntu-24_04-lts', 'server');
    const image = await images.get(location, 'Canonical', 'ubuntu-24_04-lts', 'server', newest?.name ?? '');
    expect(image).toMatchObject({ hyperVGeneration: 'V2', osDiskImage: { operatingSystem: 'Linux' } });
    await expect(images.listSkus(location, 'Canonical', 'UbuntuServer')).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('a run command', () => {
  it('returns exit code and output of its script, which are not those of its operation', async () => {
    await runCommand('fails', {
      source: { script: 'echo "hello $WHO"; exit 3' },
      parameters: [{ name: 'WHO', value: 'moat' }],
    });
    const outcome = await outcomeOf('fails');
    expect(outcome).toMatchObject({ executionState: 'Failed', exitCode: 3 });
    expect(outcome.output).toContain('hello moat');
    const plain = await client().virtualMachineRunCommands.getByVirtualMachine(group, 'jumpbox', 'fails');
    expect(plain.instanceView).toBeUndefined();
    expect(plain.provisioningState).toBe('Succeeded');
  });

  it('returns only the last 4,096 bytes', async () => {
    await runCommand('long', { source: { script: 'for i in $(seq 2000); do echo "line $i"; done; echo the end' } });
    const { output } = await outcomeOf('long');
    expect(output).toHaveLength(4096);
    expect(output).toMatch(/the end\s*$/);
  });

  it('passes protected parameters to the script and never returns them', async () => {
    const source = { script: 'echo "${#TOKEN} characters"' };
    await runCommand('guarded', { source, protectedParameters: [{ name: 'TOKEN', value: 's3cret' }] });
    expect((await outcomeOf('guarded')).output).toContain('6 characters');
    const { body } = await azure.send('get', provider('Compute/virtualMachines/jumpbox/runCommands/guarded'));
    expect(JSON.stringify(body)).not.toContain('s3cret');
  });

  it('ends before its script when it executes asynchronously, and runs a second time after a second PUT', async () => {
    const source = { script: 'sleep 80000; echo done' };
    await runCommand('lasting', { source, asyncExecution: true, timeoutInSeconds: 90_000 });
    const command = await client().virtualMachineRunCommands.getByVirtualMachine(group, 'jumpbox', 'lasting', {
      expand: 'instanceView',
    });
    expect(command.provisioningState).toBe('Succeeded');
    expect(command.instanceView?.executionState).toBe('Running');
    await runCommand('lasting', { source: { script: 'echo again' } });
    expect((await outcomeOf('lasting')).output).toContain('again');
  });

  it('times out', async () => {
    await runCommand('slow', { source: { script: 'sleep 100; echo late' }, timeoutInSeconds: 30 });
    expect(await outcomeOf('slow')).toMatchObject({ executionState: 'TimedOut' });
  });

  it('fails as an operation with treatFailureAsDeploymentFailure', async () => {
    const change = { source: { script: 'exit 1' }, treatFailureAsDeploymentFailure: true };
    await expect(runCommand('strict', change)).rejects.toThrow(/exit code 1/);
  });

  it('can be deleted, and is deleted with its machine', async () => {
    await runCommand('short', { source: { script: 'true' } });
    await finish(client().virtualMachineRunCommands.delete(group, 'jumpbox', 'short'));
    await expect(
      client().virtualMachineRunCommands.getByVirtualMachine(group, 'jumpbox', 'short'),
    ).rejects.toMatchObject({ statusCode: 404 });
  });
});
