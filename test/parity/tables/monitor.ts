import { guid } from '../operation.ts';
import type { Table } from '../operation.ts';
import { notEmulated, resource } from '../resource.ts';
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
  create: atOnce(200, { id: logs, properties: { customerId: guid } }),
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
  create: atOnce(201, componentFacts),
  update: atOnce(200, componentFacts),
  facts: { location, ...componentFacts },
  lists: ['{group}/providers/Microsoft.Insights/components', '{subscription}/providers/Microsoft.Insights/components'],
  patch: patched,
  more: [
    {
      name: 'currentBillingFeatures',
      method: 'GET',
      path: `${component}/currentBillingFeatures`,
      expected: notEmulated,
    },
  ],
  delete: { status: 200, body: '' },
});

export const monitor: Table = {
  name: 'monitor',
  setUp: [
    ['{group}/providers/Microsoft.OperationalInsights/workspaces/used', '2023-09-01', { location, properties: {} }],
  ],
  operations: [...workspaces, ...components],
};
