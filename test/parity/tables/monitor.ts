import { guid, includes } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { notEmulated, resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const location = 'westus2';
const logs = '{group}/providers/Microsoft.OperationalInsights/workspaces/logs';
const logFacts = { customerId: guid, retentionInDays: 30, sku: { name: 'PerGB2018' } };
const patched = { expected: atOnce(200, { tags: { team: 'parity' } }) };

const workspaces = resource({
  type: 'Microsoft.OperationalInsights/workspaces',
  id: logs,
  version: '2023-09-01',
  page: 'loganalytics/workspaces',
  body: { location, properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 } },
  create: {
    status: 201,
    body: { id: logs, properties: { customerId: guid } },
    location: { status: 200, body: { id: logs } },
  },
  update: atOnce(200, { id: logs, properties: { customerId: guid } }),
  facts: { location, properties: { ...logFacts, provisioningState: 'Succeeded' } },
  lists: [
    '{group}/providers/Microsoft.OperationalInsights/workspaces',
    '{subscription}/providers/Microsoft.OperationalInsights/workspaces',
  ],
  patch: patched,
  more: [{ name: 'sharedKeys', expected: atOnce(200, { primarySharedKey: String, secondarySharedKey: String }) }],
  delete: { status: 200, body: '' },
});

const component = '{group}/providers/Microsoft.Insights/components/appi';
const componentFacts = {
  kind: 'web',
  properties: {
    Application_Type: 'web',
    AppId: guid,
    InstrumentationKey: guid,
    ConnectionString: /^InstrumentationKey=/,
    provisioningState: 'Succeeded',
  },
};
const billing = (cap: number): Expected =>
  atOnce(200, { CurrentBillingFeatures: ['Basic'], DataVolumeCap: { Cap: cap, WarningThreshold: 90 } });
const components = resource({
  type: 'Microsoft.Insights/components',
  id: component,
  version: '2020-02-02',
  page: 'application-insights/components',
  body: {
    location,
    kind: 'web',
    properties: {
      Application_Type: 'web',
      WorkspaceResourceId: '{group}/providers/Microsoft.OperationalInsights/workspaces/used',
    },
  },
  create: atOnce(200, componentFacts),
  update: atOnce(200, componentFacts),
  facts: { location, ...componentFacts },
  lists: ['{group}/providers/Microsoft.Insights/components', '{subscription}/providers/Microsoft.Insights/components'],
  patch: patched,
  more: [
    {
      name: 'get its billing features',
      method: 'GET',
      path: `${component}/currentBillingFeatures`,
      expected: billing(100),
    },
    {
      name: 'change its billing features',
      method: 'PUT',
      path: `${component}/currentBillingFeatures`,
      body: { CurrentBillingFeatures: ['Basic'], DataVolumeCap: { Cap: 7 } },
      expected: billing(7),
    },
    {
      name: 'quotaStatus',
      method: 'GET',
      path: `${component}/quotaStatus`,
      expected: atOnce(200, { AppId: String, ShouldBeThrottled: false }),
    },
  ],
  delete: { status: 200, body: '' },
});

export const monitor: Table = {
  name: 'monitor',
  setUp: [
    ['{group}/providers/Microsoft.OperationalInsights/workspaces/used', '2023-09-01', { location, properties: {} }],
  ],
  operations: [
    ...workspaces,
    ...components,
    route(
      'Microsoft.Insights',
      'list the activity log',
      'GET',
      `{subscription}/providers/Microsoft.Insights/eventtypes/management/values?$filter=eventTimestamp%20ge%20'2026-01-01T00:00:00Z'%20and%20resourceGroupName%20eq%20'parity'`,
      '2015-04-01',
      'monitor/activity-logs',
      atOnce(200, {
        value: includes({ operationName: { value: String }, resourceId: String, status: { value: String } }),
      }),
    ),
    route(
      'Microsoft.OperationalInsights',
      'query the logs of a workspace',
      'POST',
      `${logs}/query`,
      '2023-09-01',
      'loganalytics/query',
      notEmulated,
      {},
    ),
  ],
};
