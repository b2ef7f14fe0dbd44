import { asObject } from '../../http/call.ts';
import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/model.ts';
import type { Draft, PutRequest, ResourceType, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { componentActions, removeBillingFeatures } from './billingFeatures.ts';
import { nonEmptyText, newKey, tenantId, trackedMembers } from '../resourceHelpers.ts';

const logAnalyticsType = 'Microsoft.OperationalInsights/workspaces';

function prepareLogAnalytics(cloud: Cloud, request: PutRequest): Draft {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(request.name)) {
    throw new ArmError(400, 'InvalidResourceName', `The workspace name '${request.name}' is not valid.`);
  }
  const kept = request.existing?.properties;
  const now = new Date(cloud.now()).toISOString();
  return {
    ...trackedMembers(request),
    properties: {
      sku: { name: 'PerGB2018' },
      retentionInDays: 30,
      publicNetworkAccessForIngestion: 'Enabled',
      publicNetworkAccessForQuery: 'Enabled',
      ...asObject(request.body['properties']),
      customerId: kept?.['customerId'] ?? randomUUID(),
      createdDate: kept?.['createdDate'] ?? now,
      modifiedDate: now,
    },
    secrets: request.existing?.secrets ?? { primarySharedKey: newKey(), secondarySharedKey: newKey() },
  };
}

/** Classic components (without a Log Analytics workspace) were retired on 2024-02-29 (Azure docs: migrate to workspace-based). */
function prepareComponent(cloud: Cloud, request: PutRequest): Draft {
  const asked = asObject(request.body['properties']);
  const logAnalytics = nonEmptyText(asked['WorkspaceResourceId']);
  if (logAnalytics === undefined) {
    throw new ArmError(
      400,
      'BadRequest',
      `Application Insights component '${request.name}' needs properties.WorkspaceResourceId: classic components were retired on 29 February 2024.`,
    );
  }
  if (cloud.find(logAnalytics)?.type !== logAnalyticsType) {
    throw new ArmError(
      400,
      'BadRequest',
      `The Log Analytics workspace '${logAnalytics}' of component '${request.name}' was not found.`,
    );
  }
  const tracked = trackedMembers(request);
  if (tracked.kind === undefined) {
    throw new ArmError(400, 'BadRequest', `Component '${request.name}' needs a kind, e.g. web.`);
  }
  const kept = request.existing?.properties;
  const key = nonEmptyText(kept?.['InstrumentationKey']) ?? randomUUID();
  const appId = nonEmptyText(kept?.['AppId']) ?? randomUUID();
  const ingestion = `https://${tracked.location}-0.in.applicationinsights.azure.com/`;
  return {
    ...tracked,
    properties: {
      Application_Type: 'web',
      IngestionMode: 'LogAnalytics',
      RetentionInDays: 90,
      publicNetworkAccessForIngestion: 'Enabled',
      publicNetworkAccessForQuery: 'Enabled',
      ...asked,
      ApplicationId: request.name,
      Name: request.name,
      AppId: appId,
      InstrumentationKey: key,
      ConnectionString: `InstrumentationKey=${key};IngestionEndpoint=${ingestion};ApplicationId=${appId}`,
      TenantId: tenantId,
      CreationDate: kept?.['CreationDate'] ?? new Date(cloud.now()).toISOString(),
    },
  };
}

/** Log Analytics workspaces and Application Insights components. */
export const types: ResourceType[] = [
  {
    type: logAnalyticsType,
    style: 'logAnalytics',
    duration: { put: 'logAnalytics.put' },
    prepare: prepareLogAnalytics,
    actions: { sharedkeys: (_cloud, resource) => ({ status: 200, body: resource.secrets ?? {} }) },
  },
  {
    type: 'Microsoft.Insights/components',
    style: 'sync',
    duration: {},
    prepare: prepareComponent,
    actions: componentActions,
    onDeleted: removeBillingFeatures,
  },
];

export const routes: SubscriptionRoute[] = [];
