import type { Fact, Operation, Table } from '../operation.ts';
import { notEmulated, readOnly, resource } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-09-01';
const type = 'Microsoft.Storage/storageAccounts';
const account = `{group}/providers/${type}/stparity02`;

/** A service of the account: it is there from the start and cannot be deleted. */
function service(name: string, page: string, asked: { [member: string]: Fact }): Operation[] {
  return resource({
    type: `${type}/${name}`,
    id: `${account}/${name}/default`,
    version,
    page: `storagerp/${page}`,
    body: { properties: asked },
    create: atOnce(200, { properties: asked }),
    update: atOnce(200, { properties: asked }),
    facts: { properties: { ...asked, cors: { corsRules: [] } } },
    delete: readOnly,
  }).filter((one) => one.name !== 'get what is missing');
}

/** What a service holds. */
function held(
  path: string,
  name: string,
  page: string,
  facts: { [member: string]: Fact },
  code: string,
  etag = true,
): Operation[] {
  const of = `${type}/${path}`;
  const [parent, child] = path.split('/');
  const id = `${account}/${parent}/default/${child}/${name}`;
  return resource({
    type: of,
    id,
    version,
    page: `storagerp/${page}`,
    body: { properties: {} },
    create: atOnce(etag ? 201 : 200, { id, name }),
    update: atOnce(200, { id, name }),
    facts: { ...(etag ? { etag: String } : {}), properties: facts },
    patch: { body: { properties: { metadata: { a: 'b' } } }, expected: atOnce(200, { id }) },
    delete: { status: etag ? 200 : 204, body: '' },
  }).map((one) =>
    one.name === 'get what is missing' ? { ...one, expected: atOnce(404, { error: { code, message: String } }) } : one,
  );
}

const policyId = `${account}/managementPolicies/default`;
const rules = [
  {
    enabled: true,
    name: 'old',
    type: 'Lifecycle',
    definition: {
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } },
      filters: { blobTypes: ['blockBlob'] },
    },
  },
];
const policyFacts: { [member: string]: Fact } = {
  properties: { policy: { rules: [{ name: 'old', type: 'Lifecycle' }] }, lastModifiedTime: String },
};
const policies = resource({
  type: `${type}/managementPolicies`,
  id: policyId,
  version,
  page: 'storagerp/management-policies',
  body: { properties: { policy: { rules } } },
  create: atOnce(200, policyFacts),
  update: atOnce(200, policyFacts),
  facts: { ...policyFacts, name: 'DefaultManagementPolicy' },
  delete: { status: 200, body: '' },
}).map((one) =>
  one.name === 'get what is missing'
    ? { ...one, expected: atOnce(404, { error: { code: 'ManagementPolicyNotFound', message: String } }) }
    : one,
);

const retention = { enabled: true, days: 7 };
const unleased = { leaseStatus: 'Unlocked', leaseState: 'Available' };

export const storageServices: Table = {
  name: 'storageServices',
  setUp: [
    [account, version, { location: 'westus2', sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} }],
  ],
  operations: [
    ...service('blobServices', 'blob-services', { deleteRetentionPolicy: retention }),
    ...held(
      'blobServices/containers',
      'data',
      'blob-containers',
      { publicAccess: 'None', ...unleased },
      'ContainerNotFound',
    ),
    ...service('fileServices', 'file-services', { shareDeleteRetentionPolicy: retention }),
    ...held(
      'fileServices/shares',
      'share',
      'file-shares',
      { shareQuota: 5120, enabledProtocols: 'SMB', ...unleased },
      'ShareNotFound',
    ),
    ...service('queueServices', 'queue-services', {}),
    ...held('queueServices/queues', 'queue', 'queue', {}, 'QueueNotFound', false),
    ...service('tableServices', 'table-services', {}),
    ...held('tableServices/tables', 'table1', 'table', { tableName: 'table1' }, 'TableNotFound', false),
    ...policies,
    {
      type: `${type}/blobServices/containers`,
      name: 'lease',
      method: 'POST',
      path: `${account}/blobServices/default/containers/data/lease`,
      version,
      body: { action: 'Acquire' },
      expected: notEmulated,
      source: policies[0]!.source.replace('management-policies', 'blob-containers'),
    },
  ],
};
