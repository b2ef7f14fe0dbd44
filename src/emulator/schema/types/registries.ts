import { identity, list, object } from '../shapes.ts';

export const registry = object('location! tags:{} - id systemData type', {
  identity,
  properties: object(
    `
    endpointProtocol metadataSearch:Enabled|Disabled regionalEndpoints:any
    writableCacheRepos:any adminUserEnabled:bool anonymousPullEnabled:bool dataEndpointEnabled:bool
    networkRuleBypassAllowedForTasks:bool networkRuleBypassOptions:AzureServices|None
    publicNetworkAccess:Enabled|Disabled
    roleAssignmentMode:AbacRepositoryPermissions|LegacyRegistryPermissions zoneRedundancy:Enabled|Disabled -
    creationDate dataEndpointHostNames regionalEndpointHostNames loginServer privateEndpointConnections provisioningState status`,
    {
      encryption: object('status:enabled|disabled', {
        keyVaultProperties: object(`
    identity keyIdentifier - keyRotationEnabled lastKeyRotationTimestamp versionedKeyIdentifier`),
      }),
      networkRuleSet: object('defaultAction!:Allow|Deny', {
        ipRules: list(object('action:Allow value!')),
        virtualNetworkRules: list(object('action:Allow id virtualNetworkSubnetResourceId')),
      }),
      policies: object('', {
        azureADAuthenticationAsArmPolicy: object('status:enabled|disabled'),
        exportPolicy: object('status:enabled|disabled'),
        quarantinePolicy: object('status:enabled|disabled'),
        retentionPolicy: object('days:int status:enabled|disabled - lastUpdatedTime'),
        softDeletePolicy: object('retentionDays:int status:enabled|disabled - lastUpdatedTime'),
        trustPolicy: object('status:enabled|disabled type:Notary'),
      }),
    },
  ),
  'sku!': object('name!:Classic|Basic|Standard|Premium - tier'),
});
