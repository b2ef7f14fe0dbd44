import { absent, includes } from '../operation.ts';
import type { Expected, Fact, Operation, Table } from '../operation.ts';
import { notEmulated, resource } from '../resource.ts';

const type = 'Microsoft.Resources/deployments';
const version = '2025-04-01';
const id = '{group}/providers/Microsoft.Resources/deployments/one';
const account = '{group}/providers/Microsoft.Storage/storageAccounts/moatparitytemplate';

const template = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { name: { type: 'string' }, secret: { type: 'secureString' } },
  resources: [
    {
      type: 'Microsoft.Storage/storageAccounts',
      apiVersion: '2023-01-01',
      name: "[parameters('name')]",
      location: '[resourceGroup().location]',
      sku: { name: 'Standard_LRS' },
      kind: 'StorageV2',
    },
  ],
  outputs: { blob: { type: 'string', value: "[reference(parameters('name')).primaryEndpoints.blob]" } },
};
const parameters = { name: { value: 'moatparitytemplate' }, secret: { value: 'hidden' } };
const body = { properties: { mode: 'Incremental', template, parameters } };
const complete = { properties: { ...body.properties, mode: 'Complete' } };
const wrong = { properties: { ...body.properties, parameters: {} } };

const shown: Record<string, Fact> = {
  templateHash: /^\d+$/,
  parameters: {
    name: { type: 'String', value: 'moatparitytemplate' },
    secret: { type: 'SecureString', value: absent },
  },
  mode: 'Incremental',
  timestamp: String,
  duration: /^PT/,
  providers: [{ namespace: 'Microsoft.Storage', resourceTypes: [{ resourceType: 'storageAccounts' }] }],
  dependencies: [],
};
const accepted = (status: 200 | 201): Expected => ({
  status,
  body: { properties: { ...shown, provisioningState: 'Accepted', correlationId: String } },
  asyncOperation: { status: 200, body: { status: 'Succeeded' } },
});
const invalid: Expected = {
  status: 400,
  body: { error: { code: 'InvalidTemplate', message: String, additionalInfo: [{ type: 'TemplateViolation' }] } },
};
const missing: Expected = { status: 404, body: { error: { code: 'DeploymentNotFound', message: String } } };

const operations = '{group}/deployments/one/operations';
const operation = {
  id: String,
  operationId: String,
  properties: {
    provisioningOperation: 'Create',
    provisioningState: 'Succeeded',
    statusCode: 'OK',
    timestamp: String,
    duration: String,
    targetResource: { id: account, resourceType: 'Microsoft.Storage/storageAccounts', resourceName: String },
  },
};
const source = { page: 'resources/deployments', operations: 'resources/deployment-operations' };

const rows: Operation[] = resource({
  type,
  id,
  version,
  page: source.page,
  body,
  facts: {
    properties: {
      ...shown,
      provisioningState: 'Succeeded',
      outputs: { blob: { type: 'String', value: /^https:/ } },
      outputResources: [{ id: account }],
    },
  },
  create: accepted(201),
  update: accepted(200),
  more: [
    { name: 'exists', method: 'HEAD', path: id, expected: { status: 204, body: '' } },
    {
      name: 'validate',
      body,
      expected: {
        status: 200,
        body: { properties: { ...shown, provisioningState: 'Succeeded', validatedResources: [{ id: account }] } },
      },
    },
    { name: 'validate: a wrong template', path: `${id}/validate`, body: wrong, expected: invalid },
    { name: 'create: a wrong template', method: 'PUT', path: id, body: wrong, expected: invalid },
    { name: 'create: mode Complete', method: 'PUT', path: id, body: complete, expected: notEmulated },
    { name: 'whatIf', body, expected: notEmulated },
    { name: 'exportTemplate', expected: { status: 200, body: { template: { contentVersion: '1.0.0.0' } } } },
    {
      name: 'cancel: what has ended',
      path: `${id}/cancel`,
      expected: { status: 409, body: { error: { code: 'DeploymentCannotBeCancelled', message: String } } },
    },
    {
      name: 'list operations',
      method: 'GET',
      path: operations,
      expected: { status: 200, body: { value: includes(operation) } },
    },
    {
      name: 'get an operation that is missing',
      method: 'GET',
      path: `${operations}/none`,
      expected: { status: 404, body: { error: { code: 'DeploymentOperationNotFound', message: String } } },
    },
  ],
  delete: { status: 202, headers: { 'retry-after': /^\d+$/ }, body: '', location: { status: 204, body: '' } },
}).map((row) => (row.name === 'get what is missing' ? { ...row, expected: missing } : row));

export const deployments: Table = { name: 'deployments', operations: rows };
