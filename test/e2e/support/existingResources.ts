import type { createArmClient } from './arm.ts';
import type { createEmulatorControl } from './control.ts';
import { until } from './until.ts';

type Arm = ReturnType<typeof createArmClient>;

export const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const location = 'westus2';
const network = '2024-05-01';

const zones = [
  'privatelink.blob.core.windows.net',
  'privatelink.file.core.windows.net',
  'privatelink.vaultcore.azure.net',
  'privatelink.azurecr.io',
  'privatelink.api.azureml.ms',
  'privatelink.notebooks.azure.net',
];

/** Ids of the resources of a team, all in one group. */
export function idsOf(team: string) {
  const group = `${subscription}/resourceGroups/rg-${team}`;
  const id = (type: string, name: string): string => `${group}/providers/${type}/${name}`;
  return {
    group,
    workspace: id('Microsoft.MachineLearningServices/workspaces', `mlw-${team}`),
    registry: id('Microsoft.ContainerRegistry/registries', `cr${team}`),
    storageAccount: id('Microsoft.Storage/storageAccounts', `st${team}`),
    vault: id('Microsoft.KeyVault/vaults', `kv${team}`),
    applicationInsights: id('Microsoft.Insights/components', `appi-${team}`),
    subnet: `${id('Microsoft.Network/virtualNetworks', `vnet-${team}`)}/subnets/snet-endpoints`,
    identity: id('Microsoft.ManagedIdentity/userAssignedIdentities', `uai-${team}`),
    privateDnsZones: zones.map((zone) => id('Microsoft.Network/privateDnsZones', zone)),
  };
}
export type Ids = ReturnType<typeof idsOf>;

/** Creates a resource and waits until it is Succeeded. */
async function create(arm: Arm, id: string, version: string, body: object): Promise<void> {
  await arm('PUT', id, version, body);
  await until(`${id} is Succeeded`, async () => {
    const found = (await arm('GET', id, version)).body as { properties?: { provisioningState?: string } };
    return /^succeeded$/i.test(found.properties?.provisioningState ?? 'Succeeded');
  });
}

async function createNetwork(arm: Arm, { group, subnet }: Ids, team: string): Promise<void> {
  const provider = `${group}/providers/Microsoft.Network`;
  const address = `${provider}/publicIPAddresses/pip-${team}`;
  const gateway = `${provider}/natGateways/nat-${team}`;
  const standard = { location, sku: { name: 'Standard' } };
  await create(arm, address, network, { ...standard, properties: { publicIPAllocationMethod: 'Static' } });
  await create(arm, gateway, network, { ...standard, properties: { publicIpAddresses: [{ id: address }] } });
  await create(arm, subnet.replace(/\/subnets\/.*/, ''), network, {
    location,
    tags: { team },
    properties: {
      addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
      subnets: [
        {
          name: 'snet-endpoints',
          properties: {
            addressPrefix: '10.20.4.0/26',
            natGateway: { id: gateway },
            privateEndpointNetworkPolicies: 'Disabled',
          },
        },
      ],
    },
  });
}

/** Creates a group with everything that an environment can use. */
export async function createExisting(arm: Arm, team: string): Promise<Ids> {
  const ids = idsOf(team);
  const closed = { publicNetworkAccess: 'Disabled' };
  await arm('PUT', ids.group, '2021-04-01', { location, tags: { team } });
  const logs = `${ids.group}/providers/Microsoft.OperationalInsights/workspaces/log-${team}`;
  await Promise.all([
    createNetwork(arm, ids, team),
    create(arm, ids.identity, '2023-01-31', { location }),
    create(arm, ids.registry, '2025-04-01', { location, sku: { name: 'Premium' }, properties: closed }),
    create(arm, ids.storageAccount, '2024-01-01', {
      location,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      properties: { ...closed, networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' } },
    }),
    create(arm, ids.vault, '2024-11-01', {
      location,
      properties: {
        ...closed,
        tenantId: '00000000-0000-4000-8000-000000000001',
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        accessPolicies: [],
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      },
    }),
    create(arm, logs, '2023-09-01', { location, properties: { sku: { name: 'PerGB2018' } } }),
    ...ids.privateDnsZones.map((zone) => create(arm, zone, '2024-06-01', { location: 'global', tags: { team } })),
  ]);
  await create(arm, ids.applicationInsights, '2020-02-02', {
    location,
    kind: 'web',
    properties: { Application_Type: 'web', WorkspaceResourceId: logs },
  });
  await create(arm, ids.workspace, '2025-12-01', {
    location,
    identity: { type: 'SystemAssigned' },
    properties: {
      ...closed,
      storageAccount: ids.storageAccount,
      keyVault: ids.vault,
      containerRegistry: ids.registry,
      applicationInsights: ids.applicationInsights,
      v1LegacyMode: false,
    },
  });
  return ids;
}

/** Every resource in a group as the emulator stores it, with assignments and other extensions: to compare before and after. */
export async function snapshotOf(control: ReturnType<typeof createEmulatorControl>, { group }: Ids): Promise<string[]> {
  const all = (await control('GET', 'resources')) as { id: string }[];
  return all
    .filter(({ id }) => `${id}/`.toLowerCase().startsWith(`${group}/`.toLowerCase()))
    .map((resource) => JSON.stringify(resource))
    .toSorted();
}
