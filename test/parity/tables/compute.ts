import { guid, includes } from '../operation.ts';
import type { Expected, Operation, Table } from '../operation.ts';
import { notEmulated, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-04-01';
const location = 'westus2';
const type = 'Microsoft.Compute/virtualMachines';
const vm = `{group}/providers/${type}/vm`;
const nic = '{group}/providers/Microsoft.Network/networkInterfaces/nic';
const image = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };
const headers = { 'azure-asyncnotification': 'Enabled', 'retry-after': /^\d+$/ };
const succeeded = {
  status: 200,
  body: { status: 'Succeeded', startTime: String, endTime: String, name: String },
} as const;

const put = (status: number, state: string): Expected => ({
  status,
  headers,
  body: { properties: { provisioningState: state } },
  asyncOperation: succeeded,
});
const removed: Expected = {
  status: 202,
  headers,
  body: '',
  asyncOperation: succeeded,
  location: { status: 200, body: '' },
};

const command = `${vm}/runCommands/hello`;
const runCommands = resource({
  type: `${type}/runCommands`,
  id: command,
  version,
  page: 'compute/virtual-machine-run-commands',
  body: { location, properties: { source: { script: 'echo hello' }, timeoutInSeconds: 60 } },
  create: put(201, 'Creating'),
  update: put(200, 'Updating'),
  facts: {
    location,
    properties: {
      provisioningState: 'Succeeded',
      timeoutInSeconds: 60,
      asyncExecution: false,
      source: { script: 'echo hello' },
    },
  },
  patch: { expected: atOnce(200, { tags: { team: 'parity' } }) },
  more: [
    {
      name: 'get its instance view',
      method: 'GET',
      path: `${command}?$expand=instanceView`,
      expected: atOnce(200, {
        properties: {
          instanceView: {
            executionState: 'Succeeded',
            exitCode: 0,
            output: /^hello/,
            error: '',
            startTime: String,
            endTime: String,
          },
        },
      }),
    },
  ],
  delete: { status: 200, body: '' },
});

const machines = resource({
  type,
  id: vm,
  version,
  page: 'compute/virtual-machines',
  body: {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      osProfile: { computerName: 'vm', adminUsername: 'moat', adminPassword: 'Parity-2026-x' },
      storageProfile: { imageReference: image, osDisk: { name: 'vm-disk', createOption: 'FromImage' } },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    },
  },
  create: put(201, 'Creating'),
  update: put(200, 'Updating'),
  facts: {
    location,
    properties: {
      provisioningState: 'Succeeded',
      vmId: guid,
      timeCreated: String,
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      osProfile: { computerName: 'vm', allowExtensionOperations: true },
      storageProfile: {
        imageReference: { ...image, exactVersion: String },
        osDisk: {
          osType: 'Linux',
          diskSizeGB: 30,
          managedDisk: { id: '{group}/providers/Microsoft.Compute/disks/vm-disk' },
        },
        dataDisks: [],
      },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    },
  },
  lists: [`{group}/providers/${type}`, `{subscription}/providers/${type}`],
  patch: { expected: atOnce(200, { tags: { team: 'parity' } }) },
  more: [
    {
      name: 'instanceView',
      method: 'GET',
      path: `${vm}/instanceView`,
      expected: atOnce(200, {
        computerName: 'vm',
        statuses: includes({ code: 'PowerState/running' }),
        vmAgent: { statuses: [{ displayStatus: 'Ready' }] },
      }),
    },
    {
      name: 'get with its instance view',
      method: 'GET',
      path: `${vm}?$expand=instanceView`,
      expected: atOnce(200, { properties: { instanceView: { statuses: includes({ code: 'PowerState/running' }) } } }),
    },
    runCommands,
    ...['start', 'restart', 'powerOff', 'deallocate', 'redeploy', 'reapply', 'runCommand', 'generalize', 'capture'].map(
      (name) => ({ name, expected: notEmulated }),
    ),
    { name: 'list extensions', method: 'GET' as const, path: `${vm}/extensions`, expected: notEmulated },
    { name: 'list sizes', method: 'GET' as const, path: `${vm}/vmSizes`, expected: notEmulated },
  ],
  delete: removed,
});

/** Disks come with machines: this one is left by the machine above. */
const diskId = '{group}/providers/Microsoft.Compute/disks/vm-disk';
const newDisk = resource({
  type: 'Microsoft.Compute/disks',
  id: diskId,
  version,
  page: 'compute/disks',
  body: { location, tags: { team: 'parity' } },
  create: { status: 200 },
  update: { status: 200 },
  facts: {
    location,
    sku: { name: 'Premium_LRS', tier: 'Premium' },
    properties: { provisioningState: 'Succeeded', diskState: 'Unattached', diskSizeGB: 30, osType: 'Linux' },
  },
  lists: ['{group}/providers/Microsoft.Compute/disks', '{subscription}/providers/Microsoft.Compute/disks'],
  patch: { expected: atOnce(200, { tags: { team: 'parity' } }) },
  delete: removed,
});

const region = `{subscription}/providers/Microsoft.Compute/locations/${location}`;
const publisher = `${region}/publishers/Canonical`;
const offers = `${publisher}/artifacttypes/vmimage/offers`;
const named = (name: string): Expected => ({ status: 200, body: includes({ name, location, id: String }) });
const read = (name: string, path: string, page: string, expected: Expected): Operation =>
  route('Microsoft.Compute', name, 'GET', path, version, page, expected);
const images = 'compute/virtual-machine-images';

export const compute: Table = {
  name: 'compute',
  setUp: [
    [
      '{group}/providers/Microsoft.Network/virtualNetworks/vnet',
      '2026-01-01',
      {
        location,
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }],
        },
      },
    ],
    [
      nic,
      '2026-01-01',
      {
        location,
        properties: {
          ipConfigurations: [
            {
              name: 'one',
              properties: { subnet: { id: '{group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/s' } },
            },
          ],
        },
      },
    ],
  ],
  operations: [
    ...machines,
    ...newDisk.filter(({ name }) => name !== 'get what is missing'),
    read(
      'usages',
      `${region}/usages`,
      'compute/usage',
      atOnce(200, {
        value: includes({ unit: 'Count', currentValue: Number, limit: Number, name: { value: 'cores' } }),
      }),
    ),
    read(
      'vmSizes',
      `${region}/vmSizes`,
      'compute/virtual-machine-sizes',
      atOnce(200, { value: includes({ name: 'Standard_D2s_v5', numberOfCores: 2 }) }),
    ),
    read(
      'skus',
      `{subscription}/providers/Microsoft.Compute/skus?$filter=location%20eq%20'${location}'`,
      'compute/resource-skus',
      atOnce(200, {
        value: includes({ resourceType: 'virtualMachines', name: 'Standard_D2s_v5', locations: [location] }),
      }),
    ),
    read('list image publishers', `${region}/publishers`, images, named('Canonical')),
    read('list image offers', offers, images, named('ubuntu-24_04-lts')),
    read('list image SKUs', `${offers}/ubuntu-24_04-lts/skus`, images, named('server')),
    read('list image versions', `${offers}/ubuntu-24_04-lts/skus/server/versions`, images, named('24.04.202408010')),
    read(
      'get an image version',
      `${offers}/ubuntu-24_04-lts/skus/server/versions/24.04.202408010`,
      images,
      atOnce(200, { location }),
    ),
  ],
};
