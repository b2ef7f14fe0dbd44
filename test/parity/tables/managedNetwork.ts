import { includes } from '../operation.ts';
import type { Expected, Table } from '../operation.ts';
import { resource, route } from '../resource.ts';
import { atOnce } from '../styles.ts';
import { workspaceBody, workspaceSetUp, workspaceVersion as version } from './mlSetUp.ts';

const workspaceType = 'Microsoft.MachineLearningServices/workspaces';
const workspace = `{group}/providers/${workspaceType}/mlw-network`;
const type = `${workspaceType}/outboundRules`;
const rule = `${workspace}/outboundRules/pypi`;
const properties = { type: 'FQDN', category: 'UserDefined', destination: 'pypi.org' };
const done = { status: 200, body: { status: 'Succeeded' } } as const;

const put = (status: string): Expected => ({
  status: 202,
  body: '',
  asyncOperation: done,
  location: { status: 200, body: { id: rule, properties: { ...properties, status } } },
});

const body = {
  ...workspaceBody,
  properties: {
    ...workspaceBody.properties,
    publicNetworkAccess: 'Disabled',
    managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' },
  },
};

const action = (name: string, sent: unknown, expected: Expected) =>
  route(
    workspaceType,
    name,
    'POST',
    `${workspace}/provisionManagedNetwork`,
    version,
    'azureml/managed-network-provisions',
    expected,
    sent,
  );

/** A workspace with a managed network: its rules, before and after it is provisioned. */
export const managedNetwork: Table = {
  name: 'managedNetwork',
  setUp: [...workspaceSetUp, [workspace, version, body]],
  operations: [
    ...resource({
      type,
      id: rule,
      version,
      page: 'azureml/managed-network-settings-rule',
      body: { properties },
      create: put('Inactive'),
      update: put('Inactive'),
      facts: { properties: { ...properties, status: 'Inactive' } },
      more: [
        [
          route(
            type,
            'list system rules',
            'GET',
            `${workspace}/outboundRules`,
            version,
            'azureml/managed-network-settings-rule',
            atOnce(200, {
              value: includes({
                name: '__SYS_ST_AzureMonitor_TCP',
                properties: { type: 'ServiceTag', category: 'Required', status: 'Inactive' },
              }),
            }),
          ),
        ],
      ],
      delete: { status: 202, body: '', asyncOperation: done, location: { status: 204, body: '' } },
    }),
    action('provisionManagedNetwork without a body', undefined, {
      status: 400,
      body: { error: { code: 'BadRequest', message: 'Request body could not be read' } },
    }),
    action(
      'provisionManagedNetwork of a managed network',
      { includeSpark: false },
      {
        status: 202,
        body: '',
        asyncOperation: done,
        location: { status: 200, body: { status: 'Active', sparkReady: false } },
      },
    ),
    action(
      'provisionManagedNetwork once more',
      { includeSpark: false },
      atOnce(200, { status: 'Active', sparkReady: false }),
    ),
  ],
};
