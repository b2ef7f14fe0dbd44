import type { Table } from '../operation.ts';

const location = 'westus2';
const at = (path: string): string => `{group}/providers/Microsoft.${path}`;

/** What a workspace is made of. */
export const dependencies = {
  storageAccount: at('Storage/storageAccounts/stparityml'),
  keyVault: at('KeyVault/vaults/kvparityml'),
  containerRegistry: at('ContainerRegistry/registries/crparityml'),
  applicationInsights: at('Insights/components/appi-ml'),
};

export const workspaceBody = { location, identity: { type: 'SystemAssigned' }, properties: dependencies };

export const workspaceVersion = '2025-12-01';

/** PUTs of the dependencies of a workspace. */
export const workspaceSetUp: NonNullable<Table['setUp']> = [
  [
    dependencies.storageAccount,
    '2026-09-01',
    { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} },
  ],
  [
    dependencies.keyVault,
    '2026-02-01',
    {
      location,
      properties: { tenantId: '{tenant}', sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
    },
  ],
  [
    dependencies.containerRegistry,
    '2025-11-01',
    { location, sku: { name: 'Premium' }, properties: { adminUserEnabled: true } },
  ],
  [at('OperationalInsights/workspaces/log-ml'), '2023-09-01', { location, properties: {} }],
  [
    dependencies.applicationInsights,
    '2020-02-02',
    {
      location,
      kind: 'web',
      properties: { Application_Type: 'web', WorkspaceResourceId: at('OperationalInsights/workspaces/log-ml') },
    },
  ],
];
