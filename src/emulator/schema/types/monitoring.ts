import { identity, object } from '../shapes.ts';

export const component = object('etag kind! location! tags:{} - id type', {
  properties: object(`
    Application_Type DisableIpMasking:bool DisableLocalAuth:bool Flow_Type
    ForceCustomerStorageForProfiler:bool HockeyAppId ImmediatePurgeDataOn30Days:bool
    IngestionMode:ApplicationInsights|ApplicationInsightsWithDiagnosticSettings|LogAnalytics
    Request_Source RetentionInDays:int SamplingPercentage:number WorkspaceResourceId
    publicNetworkAccessForIngestion:Enabled|Disabled publicNetworkAccessForQuery:Enabled|Disabled - AppId
    ApplicationId ConnectionString CreationDate HockeyAppToken InstrumentationKey LaMigrationDate Name
    PrivateLinkScopedResources TenantId provisioningState`),
});

export const logWorkspace = object('etag location! tags:{} - id systemData type', {
  identity,
  properties: object(
    `
    defaultDataCollectionRuleResourceId forceCmkForQuery:bool publicNetworkAccessForIngestion:Enabled|Disabled
    publicNetworkAccessForQuery:Enabled|Disabled retentionInDays:int - createdDate customerId modifiedDate
    privateLinkScopedResources provisioningState failover`,
    {
      features: object(`
    clusterResourceId disableLocalAuth:bool enableDataExport:bool
    enableLogAccessUsingOnlyResourcePermissions:bool immediatePurgeDataOn30Days:bool -
    associations unifiedSentinelBillingOnly`),
      sku: object(`
    capacityReservationLevel:int
    name!:Free|Standard|Premium|PerNode|PerGB2018|Standalone|CapacityReservation|LACluster|Unlimited - lastSkuUpdate`),
      replication: object('enabled:bool location - createdDate lastModifiedDate provisioningState'),
      workspaceCapping: object('dailyQuotaGb:number - dataIngestionStatus quotaNextResetTime'),
    },
  ),
});
