import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { NetworkManagementClient } from '@azure/arm-network';
import { PrivateDnsManagementClient } from '@azure/arm-privatedns';
import { ResourceManagementClient } from '@azure/arm-resources';
import { StorageManagementClient } from '@azure/arm-storage';
import type { TokenCredential } from '@azure/core-auth';
import type { ClientOptions } from '@azure-rest/core-client';

/** The SDKs' models that activities use: outside this directory nothing imports an Azure package. */
export type { RoleDefinition } from '@azure/arm-authorization';
export type { Disk, OSProfile, VirtualMachine, VirtualMachineRunCommand } from '@azure/arm-compute';
export type { Registry } from '@azure/arm-containerregistry';
export type { Vault, VaultCreateOrUpdateParameters } from '@azure/arm-keyvault';
export type {
  AzureBlobDatastore,
  ManagedOnlineDeployment,
  OnlineDeployment,
  OnlineEndpoint,
} from '@azure/arm-machinelearning';
export type { Identity } from '@azure/arm-msi';
export type {
  NatGateway,
  NetworkInterface,
  NetworkSecurityGroup,
  PrivateDnsZoneGroup,
  PrivateEndpoint,
  PublicIPAddress,
  SecurityRule,
  VirtualNetwork,
} from '@azure/arm-network';
export type { PrivateZone, VirtualNetworkLink } from '@azure/arm-privatedns';
export type { StorageAccount, StorageAccountCreateParameters } from '@azure/arm-storage';
export type { ResourceGroup } from '@azure/arm-resources';

/** The typed SDK clients of one subscription. */
export interface Clients {
  subscriptionId: string;
  resources: ResourceManagementClient;
  network: NetworkManagementClient;
  dns: PrivateDnsManagementClient;
  storage: StorageManagementClient;
  vaults: KeyVaultManagementClient;
  registries: ContainerRegistryManagementClient;
  identities: ManagedServiceIdentityClient;
  authorization: AuthorizationManagementClient;
  machineLearning: AzureMachineLearningWorkspaces;
  compute: ComputeManagementClient;
}

export function createClients(
  credential: TokenCredential,
  subscriptionId: string,
  options: ClientOptions & { endpoint: string; credentialScopes: string },
): Clients {
  return {
    subscriptionId,
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    network: new NetworkManagementClient(credential, subscriptionId, options),
    dns: new PrivateDnsManagementClient(credential, subscriptionId, options),
    storage: new StorageManagementClient(credential, subscriptionId, options),
    vaults: new KeyVaultManagementClient(credential, subscriptionId, options),
    registries: new ContainerRegistryManagementClient(credential, subscriptionId, options),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    machineLearning: new AzureMachineLearningWorkspaces(credential, subscriptionId, options),
    compute: new ComputeManagementClient(credential, subscriptionId, options),
  };
}
