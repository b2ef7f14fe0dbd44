/** The SDKs' models that others speak of; nobody else imports an Azure package. */
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
