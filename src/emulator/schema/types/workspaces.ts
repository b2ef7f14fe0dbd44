import { choice, identity, list, map, object } from '../shapes.ts';

/** A rule of the managed network. */
const rule = choice(
  'type',
  object(`
    category:Required|Recommended|UserDefined|Dependency status:Inactive|Active|Provisioning|Deleting|Failed -
    errorInformation parentRuleNames`),
  {
    FQDN: object('destination'),
    PrivateEndpoint: object('fqdns:[]', {
      destination: object(`
    serviceResourceId sparkEnabled:bool sparkStatus:Inactive|Active|Provisioning|Deleting|Failed
    subresourceTarget`),
    }),
    ServiceTag: object('', {
      destination: object('action:Allow|Deny addressPrefixes:[] portRanges protocol serviceTag'),
    }),
  },
);

export const outboundRule = object('- id systemData type', { 'properties!': rule });

export const workspace = object('kind location tags:{} - id systemData type', {
  identity,
  'properties!': object(
    `
    allowPublicAccessWhenBehindVnet:bool allowRoleAssignmentOnRG:bool applicationInsights associatedWorkspaces:[]
    containerRegistries:[] containerRegistry existingWorkspaces:[] keyVaults:[] softDeleteRetentionInDays:int soft_delete_retention:int storageAccounts:[]
    description discoveryUrl enableDataIsolation:bool enableServiceSideCMKEncryption:bool friendlyName hbiWorkspace:bool
    hubResourceId imageBuildCompute keyVault primaryUserAssignedIdentity provisionNetworkNow:bool
    publicNetworkAccess:Enabled|Disabled storageAccount
    systemDatastoresAuthMode:AccessKey|Identity|UserDelegationSAS v1LegacyMode:bool - mlFlowTrackingUri
    notebookInfo privateEndpointConnections privateLinkCount provisioningState serviceProvisionedResourceGroup
    storageHnsEnabled tenantId workspaceId`,
    {
      encryption: object(
        `
    cosmosDbResourceId searchAccountResourceId status!:Enabled|Disabled storageAccountResourceId`,
        {
          identity: object('userAssignedIdentity'),
          'keyVaultProperties!': object('identityClientId keyIdentifier! keyVaultArmId!'),
        },
      ),
      featureStoreSettings: object('offlineStoreConnectionName onlineStoreConnectionName', {
        computeRuntime: object('sparkRuntimeVersion'),
      }),
      managedNetwork: object(
        `
    enableNetworkMonitor:bool firewallSku:Standard|Basic
    isolationMode:Disabled|AllowInternetOutbound|AllowOnlyApprovedOutbound managedNetworkKind:V1|V2 -
    firewallPublicIpAddress networkId`,
        {
          outboundRules: map(rule),
          status: object('sparkReady:bool status:Inactive|Active'),
        },
      ),
      serverlessComputeSettings: object('serverlessComputeCustomSubnet serverlessComputeNoPublicIP:bool'),
      serviceManagedResourcesSettings: object('', { cosmosDb: object('collectionsThroughput:int') }),
      sharedPrivateLinkResources: list(
        object('name', {
          properties: object(`
    groupId privateLinkResourceId requestMessage status:Approved|Pending|Rejected|Disconnected|Timeout`),
        }),
      ),
      workspaceHubConfig: object('additionalWorkspaceStorageAccounts:[] defaultWorkspaceResourceGroup'),
    },
  ),
  sku: object('capacity:int family name! size tier:Free|Basic|Standard|Premium'),
});
