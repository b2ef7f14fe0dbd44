import type { ObjectShape } from './shapes.ts';
import { codeVersion, environmentVersion, modelVersion } from './types/assets.ts';
import { lock, roleAssignment, roleDefinition } from './types/authorization.ts';
import { component, logWorkspace } from './types/monitoring.ts';
import { networkInterface } from './types/networkInterfaces.ts';
import { networkSecurityGroup, securityRule } from './types/networkSecurityGroups.ts';
import { deployment } from './types/onlineDeployments.ts';
import { onlineEndpoint } from './types/onlineEndpoints.ts';
import { privateDnsZone, recordSet, virtualNetworkLink } from './types/privateDnsZones.ts';
import {
  privateDnsZoneGroup,
  privateEndpoint,
  serviceConnection,
  storageConnection,
} from './types/privateEndpoints.ts';
import { natGateway, publicIPAddress } from './types/publicAddresses.ts';
import { registry } from './types/registries.ts';
import { resourceGroup, tagsAtScope, userAssignedIdentity } from './types/resources.ts';
import { runCommand } from './types/runCommands.ts';
import { blobContainer, storageAccount } from './types/storageAccounts.ts';
import { vault } from './types/vaults.ts';
import { virtualMachine } from './types/virtualMachines.ts';
import { peering, subnet, virtualNetwork } from './types/virtualNetworks.ts';
import { outboundRule, workspace } from './types/workspaces.ts';

/**
 * What a request body of a type may have: the members of all its published versions. Written from the types in Azure/bicep-types-az; a test
 * compares them. Bodies of types that are not here are not checked.
 */
export const describedTypes: Readonly<Record<string, ObjectShape>> = {
  'Microsoft.Authorization/locks': lock,
  'Microsoft.Authorization/roleAssignments': roleAssignment,
  'Microsoft.Authorization/roleDefinitions': roleDefinition,
  'Microsoft.Compute/virtualMachines': virtualMachine,
  'Microsoft.Compute/virtualMachines/runCommands': runCommand,
  'Microsoft.ContainerRegistry/registries': registry,
  'Microsoft.ContainerRegistry/registries/privateEndpointConnections': serviceConnection,
  'Microsoft.Insights/components': component,
  'Microsoft.KeyVault/vaults': vault,
  'Microsoft.KeyVault/vaults/privateEndpointConnections': serviceConnection,
  'Microsoft.MachineLearningServices/workspaces': workspace,
  'Microsoft.MachineLearningServices/workspaces/codes/versions': codeVersion,
  'Microsoft.MachineLearningServices/workspaces/environments/versions': environmentVersion,
  'Microsoft.MachineLearningServices/workspaces/models/versions': modelVersion,
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': onlineEndpoint,
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments': deployment,
  'Microsoft.MachineLearningServices/workspaces/outboundRules': outboundRule,
  'Microsoft.MachineLearningServices/workspaces/privateEndpointConnections': serviceConnection,
  'Microsoft.ManagedIdentity/userAssignedIdentities': userAssignedIdentity,
  'Microsoft.Network/natGateways': natGateway,
  'Microsoft.Network/networkInterfaces': networkInterface,
  'Microsoft.Network/networkSecurityGroups': networkSecurityGroup,
  'Microsoft.Network/networkSecurityGroups/securityRules': securityRule,
  'Microsoft.Network/privateDnsZones': privateDnsZone,
  'Microsoft.Network/privateDnsZones/A': recordSet,
  'Microsoft.Network/privateDnsZones/AAAA': recordSet,
  'Microsoft.Network/privateDnsZones/CNAME': recordSet,
  'Microsoft.Network/privateDnsZones/MX': recordSet,
  'Microsoft.Network/privateDnsZones/PTR': recordSet,
  'Microsoft.Network/privateDnsZones/SOA': recordSet,
  'Microsoft.Network/privateDnsZones/SRV': recordSet,
  'Microsoft.Network/privateDnsZones/TXT': recordSet,
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': virtualNetworkLink,
  'Microsoft.Network/privateEndpoints': privateEndpoint,
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': privateDnsZoneGroup,
  'Microsoft.Network/publicIPAddresses': publicIPAddress,
  'Microsoft.Network/virtualNetworks': virtualNetwork,
  'Microsoft.Network/virtualNetworks/subnets': subnet,
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': peering,
  'Microsoft.OperationalInsights/workspaces': logWorkspace,
  'Microsoft.Resources/resourceGroups': resourceGroup,
  'Microsoft.Resources/tags': tagsAtScope,
  'Microsoft.Storage/storageAccounts': storageAccount,
  'Microsoft.Storage/storageAccounts/blobServices/containers': blobContainer,
  'Microsoft.Storage/storageAccounts/privateEndpointConnections': storageConnection,
};
