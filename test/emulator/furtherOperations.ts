import type { Arm } from './armHarness.ts';
import type { Operations } from './operationTable.ts';

const asset = '200/201 - 200/204';
const learningRule = '200/202 - 200/202/204';
const learning = 'Microsoft.MachineLearningServices/workspaces';

const row = (id: string, properties: object, statuses: string, documented: string): Operations => ({
  id,
  body: { properties },
  statuses,
  documented,
});

/** Children of the storage account and of the workspace that `operationTable` creates. */
export function furtherOperations(arm: Arm): Operations[] {
  const account = (path: string): string => `${arm.id('Microsoft.Storage/storageAccounts', 'stoptable1')}/${path}`;
  const workspace = (path: string): string => `${arm.id(learning, 'mlw-1')}/${path}`;
  const services = ['file', 'queue', 'table'].map((kind) => account(`${kind}Services/default`));
  const filters = { blobTypes: ['blockBlob'], prefixMatch: ['x'] };
  const actions = { baseBlob: { delete: { daysAfterModificationGreaterThan: 9 } } };
  const rule = { name: 'one', enabled: true, type: 'Lifecycle', definition: { filters, actions } };
  const connection = { authType: 'None', category: 'PythonFeed', target: 'https://pypi.example' };
  return [
    ...services.map((id) => row(id, {}, '200 200 - - -', '200 - -')),
    row(account('fileServices/default/shares/one'), {}, '201 200 - 200 204', asset),
    row(account('queueServices/default/queues/one'), {}, '200 200 - 204 204', '200 200 204'),
    row(account('tableServices/default/tables/one'), {}, '200 200 - 204 204', '200 200 204'),
    row(account('managementPolicies/default'), { policy: { rules: [rule] } }, '200 200 - 200 204', '200 - 200/204'),
    row(workspace('components/one'), {}, '201 200 - 200 204', asset),
    row(workspace('components/one/versions/1'), { componentSpec: { type: 'command' } }, '201 200 - 200 204', asset),
    row(workspace('data/one'), { dataType: 'uri_file' }, '201 200 - 200 204', asset),
    row(workspace('data/one/versions/1'), { dataType: 'uri_file', dataUri: 'a' }, '201 200 - 200 204', asset),
    row(workspace('outboundRules/one'), { type: 'FQDN', destination: 'pypi.org' }, '202 202 - 202 204', learningRule),
    row(workspace('connections/one'), connection, '200 200 - 200 204', '200 200 200/204'),
  ];
}
