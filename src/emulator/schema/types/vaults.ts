import { list, object } from '../shapes.ts';

export const vault = object('location! tags:{} - id systemData type', {
  'properties!': object(
    `
    createMode:recover|default enablePurgeProtection:bool enableRbacAuthorization:bool enableSoftDelete:bool
    enabledForDeployment:bool enabledForDiskEncryption:bool enabledForTemplateDeployment:bool
    provisioningState:Succeeded|RegisteringDns publicNetworkAccess softDeleteRetentionInDays:int tenantId!
    vaultUri - hsmPoolResourceId privateEndpointConnections`,
    {
      accessPolicies: list(
        object('applicationId objectId! tenantId!', {
          'permissions!': object(`
    certificates:all|get|list|delete|create|import|update|managecontacts|getissuers|listissuers|setissuers|deleteissuers|manageissuers|recover|purge|backup|restore[]
    keys:all|encrypt|decrypt|wrapKey|unwrapKey|sign|verify|get|list|create|update|import|delete|backup|restore|recover|purge|release|rotate|getrotationpolicy|setrotationpolicy[]
    secrets:all|get|list|set|delete|backup|restore|recover|purge[]
    storage:all|get|list|delete|set|update|regeneratekey|recover|purge|backup|restore|setsas|listsas|getsas|deletesas[]`),
        }),
      ),
      networkAcls: object('bypass:AzureServices|None defaultAction:Allow|Deny', {
        ipRules: list(object('value!')),
        virtualNetworkRules: list(object('id! ignoreMissingVnetServiceEndpoint:bool')),
      }),
      'sku!': object('family!:A name!:standard|premium'),
    },
  ),
});
