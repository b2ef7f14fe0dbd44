import { guid, includes, reference } from '../operation.ts';
import type { Expected, Operation, Table } from '../operation.ts';
import { notEmulated, route } from '../resource.ts';

const type = 'Microsoft.Resources/resourceGroups';
const version = '2025-04-01';
const id = '{subscription}/resourceGroups/made';
const body = { location: 'westus2', tags: { team: 'parity' } };
const shown = {
  id,
  name: 'made',
  type,
  location: 'westus2',
  tags: { team: 'parity' },
  properties: { provisioningState: 'Succeeded' },
};

const groupRow = (
  name: string,
  method: Operation['method'],
  path: string,
  expected: Expected,
  sent?: unknown,
  page = 'resources/resource-groups',
): Operation => ({
  type,
  name,
  method,
  path,
  version,
  source: reference(page),
  expected,
  ...(sent === undefined ? {} : { body: sent }),
});

const groupMissing: Expected = {
  status: 404,
  headers: { 'x-ms-failure-cause': 'gateway' },
  body: { error: { code: 'ResourceGroupNotFound', message: String } },
};

const tags = `${id}/providers/Microsoft.Resources/tags/default`;
const tagsPage = 'resources/tags';
const tagged = (expected: Record<string, string>): Expected => ({
  status: 200,
  body: { id: tags, name: 'default', type: 'Microsoft.Resources/tags', properties: { tags: expected } },
});

const groups: Operation[] = [
  groupRow('get what is missing', 'GET', id, groupMissing),
  groupRow('exists, missing', 'HEAD', id, { status: 404, body: '' }),
  groupRow('create', 'PUT', id, { status: 201, body: shown }, body),
  groupRow('update', 'PUT', id, { status: 200, body: shown }, body),
  groupRow('get', 'GET', id, { status: 200, body: shown }),
  groupRow('exists', 'HEAD', id, { status: 204, body: '' }),
  groupRow('list', 'GET', '{subscription}/resourceGroups', { status: 200, body: { value: includes({ id }) } }),
  groupRow(
    'list by tag',
    'GET',
    `{subscription}/resourceGroups?$filter=tagName eq 'team' and tagValue eq 'parity'`.replaceAll(' ', '%20'),
    { status: 200, body: { value: [{ id }] } },
  ),
  groupRow(
    'patch',
    'PATCH',
    id,
    { status: 200, body: { ...shown, tags: { team: 'other' } } },
    { tags: { team: 'other' } },
  ),
  groupRow('tags: get', 'GET', tags, tagged({ team: 'other' }), undefined, tagsPage),
  groupRow(
    'tags: merge',
    'PATCH',
    tags,
    tagged({ team: 'other', more: 'yes' }),
    { operation: 'Merge', properties: { tags: { more: 'yes' } } },
    tagsPage,
  ),
  groupRow('tags: replace', 'PUT', tags, tagged({ only: 'one' }), { properties: { tags: { only: 'one' } } }, tagsPage),
  groupRow('tags: delete', 'DELETE', tags, { status: 200 }, undefined, tagsPage),
  groupRow(
    'list the resources of a group',
    'GET',
    `${id}/resources`,
    { status: 200, body: { value: [] } },
    undefined,
    'resources/resources',
  ),
  groupRow('exportTemplate', 'POST', `${id}/exportTemplate`, notEmulated, { resources: ['*'] }),
  groupRow('moveResources', 'POST', `${id}/moveResources`, notEmulated, { resources: [] }),
  groupRow('delete', 'DELETE', id, {
    status: 202,
    headers: { 'retry-after': /^\d+$/ },
    body: '',
    location: { status: 200, body: '' },
  }),
  groupRow('delete what is missing', 'DELETE', id, groupMissing),
];

const root = 'Microsoft.Resources';
const provider = {
  id: '{subscription}/providers/Microsoft.Storage',
  namespace: 'Microsoft.Storage',
  registrationState: 'Registered',
  resourceTypes: includes({ resourceType: 'storageAccounts', apiVersions: Array, locations: Array }),
};

const subscriptions: Operation[] = [
  route(root, 'list subscriptions', 'GET', '/subscriptions', '2022-12-01', 'resources/subscriptions', {
    status: 200,
    body: { value: [{ id: '{subscription}', state: 'Enabled' }] },
  }),
  route(root, 'list tenants', 'GET', '/tenants', '2022-12-01', 'resources/tenants', {
    status: 200,
    body: { value: [{ tenantId: '{tenant}' }] },
  }),
  route(root, 'get a subscription', 'GET', '{subscription}', '2022-12-01', 'resources/subscriptions', {
    status: 200,
    body: { id: '{subscription}', subscriptionId: '{sub}', tenantId: guid, displayName: String, state: 'Enabled' },
  }),
  route(root, 'list locations', 'GET', '{subscription}/locations', '2022-12-01', 'resources/subscriptions', {
    status: 200,
    body: { value: includes({ name: 'westus2', displayName: 'West US 2' }) },
  }),
  route(root, 'count tags', 'GET', '{subscription}/tagNames', '2022-12-01', 'resources/tags', {
    status: 200,
    body: { value: Array },
  }),
  route(
    root,
    'list the resources of a subscription',
    'GET',
    '{subscription}/resources',
    version,
    'resources/resources',
    { status: 200, body: { value: [] } },
  ),
  route(root, 'list providers', 'GET', '{subscription}/providers', '2022-12-01', 'resources/providers', {
    status: 200,
    body: { value: includes({ namespace: 'Microsoft.Storage' }) },
  }),
  route(
    root,
    'get a provider',
    'GET',
    '{subscription}/providers/Microsoft.Storage',
    '2022-12-01',
    'resources/providers',
    { status: 200, body: provider },
  ),
  route(
    root,
    'register a provider',
    'POST',
    '{subscription}/providers/Microsoft.Storage/register',
    '2022-12-01',
    'resources/providers',
    { status: 200, body: provider },
  ),
  route(
    root,
    'unregister a provider',
    'POST',
    '{subscription}/providers/Microsoft.Storage/unregister',
    '2022-12-01',
    'resources/providers',
    notEmulated,
  ),
];

export const resources: Table = { name: 'resources', operations: [...groups, ...subscriptions] };
