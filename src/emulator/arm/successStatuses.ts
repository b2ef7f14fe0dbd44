import type { ResourceType } from './model.ts';

/** The status of each successful write: PUT of a new resource, PUT of an existing one, PATCH, DELETE. */
export interface SuccessStatuses {
  create: 200 | 201 | 202;
  update: 200 | 201 | 202;
  patch: 200 | 202;
  delete: 200 | 202 | 204;
  /** the file in azure-rest-api-specs that documents them, below `specification/`; a recording where several are documented */
  source: string;
}

type Statuses = Omit<SuccessStatuses, 'source'>;

/** Changed within the request. */
const synchronous: Statuses = { create: 201, update: 200, patch: 200, delete: 200 };
/** Created and deleted by a long-running operation; the first answer has the resource. */
const asynchronous: Statuses = { ...synchronous, delete: 202 };
/** Private DNS and workspaces: the first answer of an operation is empty. */
const accepted: Statuses = { create: 202, update: 202, patch: 200, delete: 202 };
/** Machine Learning endpoints and deployments: every PATCH is an operation. */
const inference: Statuses = { ...asynchronous, patch: 202 };

/** Changed within the request; a new one is answered as an old one. */
const decided: Statuses = { ...synchronous, create: 200 };

const storage = 'Microsoft.Storage/storageAccounts';
const learningWorkspaces = 'Microsoft.MachineLearningServices/workspaces';
const network = 'network/resource-manager/Microsoft.Network';
const compute = 'compute/resource-manager/Microsoft.Compute';
const learning = 'machinelearningservices/resource-manager/Microsoft.MachineLearningServices';
const authorization = 'authorization/resource-manager/Microsoft.Authorization';
const privateDns = 'privatedns/resource-manager/Microsoft.Network/PrivateDns';

function below(prefix: string, statuses: Statuses, source: string, names: string): [string, SuccessStatuses][] {
  return names.split(' ').map((name) => [`${prefix}/${name}`.toLowerCase(), { ...statuses, source }]);
}

/** Every type that can be written, in lower case. */
const table: ReadonlyMap<string, SuccessStatuses> = new Map([
  ...below('Microsoft.Resources', { ...synchronous, delete: 202 }, 'resources/…/resources.json', 'resourceGroups'),
  ...below('Microsoft.Resources', asynchronous, 'resources/…/deployments.json', 'deployments'),
  ...below('Microsoft.Authorization', synchronous, `${authorization}/…/RoleAssignmentsCalls.json`, 'roleAssignments'),
  // 201 also for a definition that exists.
  ...below(
    'Microsoft.Authorization',
    { ...synchronous, update: 201 },
    `${authorization}/…/RoleDefinitionsCalls.json`,
    'roleDefinitions',
  ),
  ...below(
    'Microsoft.Authorization',
    synchronous,
    'resources/…/locks.json, policyExemptions.json',
    'locks policyExemptions',
  ),
  ...below('Microsoft.ManagedIdentity', synchronous, 'msi/…/ManagedIdentity.json', 'userAssignedIdentities'),
  ...below(
    'Microsoft.Network',
    asynchronous,
    network,
    'networkSecurityGroups networkSecurityGroups/securityRules virtualNetworks virtualNetworks/subnets natGateways publicIPAddresses networkInterfaces privateEndpoints privateEndpoints/privateDnsZoneGroups',
  ),
  ...below(
    'Microsoft.Network',
    { ...accepted, patch: 202 },
    `${privateDns}; recorded: azure-cli, privatedns`,
    'privateDnsZones privateDnsZones/virtualNetworkLinks',
  ),
  ...below('Microsoft.Network/privateDnsZones', synchronous, privateDns, 'A AAAA CNAME MX PTR SOA SRV TXT'),
  // An account that exists is changed within the request.
  ...below(
    'Microsoft.Storage',
    { create: 202, update: 200, patch: 200, delete: 200 },
    'storage/…/storage.json',
    'storageAccounts',
  ),
  ...below(storage, synchronous, 'storage/…/blob.json, file.json', 'blobServices/containers fileServices/shares'),
  ...below(
    storage,
    decided,
    'storage/…/blob.json, file.json, queue.json, table.json, storage.json',
    'blobServices fileServices queueServices tableServices managementPolicies',
  ),
  ...below(
    storage,
    { ...decided, delete: 204 },
    'storage/…/queue.json, table.json',
    'queueServices/queues tableServices/tables',
  ),
  // A connection exists when somebody decides on it. Recorded: azure-cli, test_private_endpoint_connection_storage_account and _acr.
  ...below('Microsoft.Storage/storageAccounts', decided, 'storage/…/privateLink.json', 'privateEndpointConnections'),
  ...below('Microsoft.KeyVault/vaults', decided, 'keyvault/…/keyvault.json', 'privateEndpointConnections'),
  ...below(learningWorkspaces, decided, learning, 'privateEndpointConnections'),
  ...below(
    'Microsoft.ContainerRegistry/registries',
    { create: 201, update: 201, patch: 200, delete: 202 },
    'containerregistry/…/containerregistry.json',
    'privateEndpointConnections',
  ),
  // 200 also for a new vault, which is still RegisteringDns (recorded: azure-cli, test_keyvault_mgmt).
  ...below('Microsoft.KeyVault', { ...synchronous, create: 200 }, 'keyvault/…/keyvault.json', 'vaults'),
  ...below('Microsoft.ContainerRegistry', asynchronous, 'containerregistry/…/containerregistry.json', 'registries'),
  // Recorded: azure-cli, test_monitor_log_analytics_workspace_update_sku.
  ...below('Microsoft.OperationalInsights', synchronous, 'operationalinsights/…/Workspaces.json', 'workspaces'),
  ...below(
    'Microsoft.Insights',
    { ...synchronous, create: 200 },
    'applicationinsights/…/components_API.json, 2020-02-02',
    'components',
  ),
  ...below('Microsoft.MachineLearningServices', accepted, learning, 'workspaces'),
  ...below(learningWorkspaces, accepted, `${learning}: ManagedNetworkSettingsRule`, 'outboundRules'),
  ...below(
    learningWorkspaces,
    synchronous,
    learning,
    'datastores codes codes/versions components components/versions data data/versions models models/versions environments environments/versions',
  ),
  ...below(learningWorkspaces, decided, `${learning}: WorkspaceConnections_Create`, 'connections'),
  ...below(learningWorkspaces, inference, learning, 'onlineEndpoints onlineEndpoints/deployments'),
  ...below('Microsoft.Compute', asynchronous, compute, 'virtualMachines'),
  ...below('Microsoft.Compute', { ...asynchronous, create: 202, update: 202 }, `${compute}/…/disk.json`, 'disks'),
  ...below('Microsoft.Compute', { ...asynchronous, delete: 200 }, compute, 'virtualMachines/runCommands'),
]);

/** The row of a type; undefined for one that is only listed or appears by itself. */
export const documentedStatuses = (type: string): SuccessStatuses | undefined => table.get(type.toLowerCase());

/** What a successful write of the type is answered. A type without a row has the statuses that are usual for its kind. */
export function statusesOf({ type, style }: ResourceType): Statuses {
  return documentedStatuses(type) ?? (style === 'sync' ? synchronous : asynchronous);
}
