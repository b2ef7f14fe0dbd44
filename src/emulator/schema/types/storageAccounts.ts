import { extendedLocation, identity, list, object } from '../shapes.ts';

const encryptionService = object('enabled:bool keyType:Service|Account - lastEnabledTime');

export const storageAccount = object(
  `
    kind!:Storage|StorageV2|BlobStorage|FileStorage|BlockBlobStorage location! tags:{} zones:[] -
    id systemData type`,
  {
    extendedLocation,
    identity,
    placement: object('zonePlacementPolicy:Any|None'),
    properties: object(
      `
    accessTier:Hot|Cool|Premium|Cold|Smart allowBlobPublicAccess:bool allowCrossTenantDelegationSas:bool allowCrossTenantReplication:bool
    allowSharedKeyAccess:bool allowedCopyScope:PrivateLink|AAD|All defaultToOAuthAuthentication:bool
    dnsEndpointType:Standard|AzureDnsZone enableExtendedGroups:bool isHnsEnabled:bool isLocalUserEnabled:bool
    isNfsV3Enabled:bool isSftpEnabled:bool largeFileSharesState:Disabled|Enabled
    minimumTlsVersion:TLS1_0|TLS1_1|TLS1_2|TLS1_3 publicNetworkAccess:Enabled|Disabled|SecuredByPerimeter
    supportsHttpsTrafficOnly:bool - accountMigrationInProgress blobRestoreStatus creationTime
    failoverInProgress geoReplicationStats isSkuConversionBlocked keyCreationTime lastGeoFailoverTime
    primaryEndpoints primaryLocation privateEndpointConnections provisioningState secondaryEndpoints
    secondaryLocation statusOfPrimary statusOfSecondary storageAccountSkuConversionStatus`,
      {
        allowSharedKeyAccessForServices: object('', {
          blob: object('enabled:bool'),
          file: object('enabled:bool'),
          queue: object('enabled:bool'),
          table: object('enabled:bool'),
        }),
        azureFilesIdentityBasedAuthentication: object(
          `
    defaultSharePermission:None|StorageFileDataSmbShareReader|StorageFileDataSmbShareContributor|StorageFileDataSmbShareElevatedContributor
    directoryServiceOptions!:None|AADDS|AD|AADKERB`,
          {
            activeDirectoryProperties: object(`
    accountType:User|Computer azureStorageSid domainGuid domainName domainSid forestName netBiosDomainName
    samAccountName`),
            smbOAuthSettings: object('isSmbOAuthEnabled:bool'),
          },
        ),
        turboTier: object('status targetPercent:int'),
        customDomain: object('name! useSubDomainName:bool'),
        dataCollaborationPolicyProperties: object(
          'allowBlobAccessPoints:bool allowCrossTenantDataSharing:bool allowStorageConnectors:bool allowStorageDataShares:bool',
        ),
        dualStackEndpointPreference: object('publishIpv6Endpoint:bool'),
        encryption: object('keySource:Microsoft.Storage|Microsoft.Keyvault requireInfrastructureEncryption:bool', {
          identity: object('federatedIdentityClientId userAssignedIdentity'),
          keyvaultproperties: object(`
    keyname keyvaulturi keyversion - currentVersionedKeyExpirationTimestamp currentVersionedKeyIdentifier
    lastKeyRotationTimestamp`),
          services: object('', {
            blob: encryptionService,
            file: encryptionService,
            queue: encryptionService,
            table: encryptionService,
          }),
        }),
        geoPriorityReplicationStatus: object('isBlobEnabled:bool'),
        immutableStorageWithVersioning: object('enabled:bool', {
          immutabilityPolicy: object(`
    allowProtectedAppendWrites:bool immutabilityPeriodSinceCreationInDays:int state:Unlocked|Locked|Disabled`),
        }),
        keyPolicy: object('keyExpirationPeriodInDays!:int'),
        networkAcls: object('bypass defaultAction!:Allow|Deny', {
          ipRules: list(object('action:Allow value!')),
          ipv6Rules: list(object('action:Allow value!')),
          resourceAccessRules: list(object('resourceId tenantId')),
          virtualNetworkRules: list(object('action:Allow id! - state')),
        }),
        routingPreference: object(`
    publishInternetEndpoints:bool publishMicrosoftEndpoints:bool
    routingChoice:MicrosoftRouting|InternetRouting`),
        sasPolicy: object(
          'expirationAction!:Log|Block requireUserBoundUserDelegationSas:bool requireUserBoundUserDelegationSasAction sasExpirationPeriod!',
        ),
      },
    ),
    'sku!': object(`
    name!:Standard_LRS|Standard_GRS|Standard_RAGRS|Standard_ZRS|Premium_LRS|Premium_ZRS|Standard_GZRS|Standard_RAGZRS|StandardV2_LRS|StandardV2_GRS|StandardV2_ZRS|StandardV2_GZRS|PremiumV2_LRS|PremiumV2_ZRS
    - tier`),
  },
);

export const blobContainer = object('- etag id type', {
  properties: object(
    `
    defaultEncryptionScope denyEncryptionScopeOverride:bool enableNfsV3AllSquash:bool enableNfsV3RootSquash:bool
    metadata:{} publicAccess:Container|Blob|None - deleted deletedTime hasImmutabilityPolicy hasLegalHold
    immutabilityPolicy lastModifiedTime leaseDuration leaseState leaseStatus legalHold remainingRetentionDays version`,
    { immutableStorageWithVersioning: object('enabled:bool - migrationState timeStamp') },
  ),
});
