import { beforeEach, expect, test } from 'vitest';
import { send, useArm } from './armHarness.ts';
import { Deployments, deploymentOf, refusedInterface, securityGroup, versions } from './templateHarness.ts';

const arm = useArm('templates');
const deployments = new Deployments(arm);

beforeEach(() => arm.control('PUT', 'throttling', { enabled: false }));

const network = (name: string, more: object = {}): object => ({
  type: 'Microsoft.Network/virtualNetworks',
  apiVersion: versions.network,
  name,
  location: 'westus2',
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
  ...more,
});

test('resources are created in the order of their dependencies, with children, copies and references', async () => {
  const subnet = { type: 'subnets', apiVersion: versions.network, name: 'inner', dependsOn: ['vnet'] };
  const { properties } = await deployments.deploy('ordered', {
    resources: [
      securityGroup('last', { tags: { range: "[reference('vnet').addressSpace.addressPrefixes[0]]" } }),
      network('vnet', { resources: [{ ...subnet, properties: { addressPrefix: '10.0.1.0/24' } }] }),
      securityGroup("[concat('copy-', copyIndex(1))]", { copy: { name: 'groups', count: 2 }, dependsOn: ['last'] }),
      securityGroup('never', { condition: false }),
    ],
    outputs: {
      range: { type: 'string', value: "[reference('last', '2023-09-01', 'Full').tags.range]" },
      hidden: { type: 'secureString', value: 'not shown' },
    },
  });
  expect(properties).toMatchObject({
    provisioningState: 'Succeeded',
    outputs: { range: { type: 'String', value: '10.0.0.0/16' }, hidden: { type: 'SecureString' } },
  });
  expect(properties.outputs.hidden).toEqual({ type: 'SecureString' });
  const order = ['vnet', 'vnet/inner', 'last', 'copy-1', 'copy-2'];
  const operations = await deployments.operations('ordered');
  expect(operations.map(([name]) => name).toSorted()).toEqual([...order, 'EvaluateDeploymentOutput'].toSorted());
  const created = (await arm.send('GET', `${arm.group('templates')}/resources`)).body.value;
  expect(created.map(({ name }: { name: string }) => name)).toEqual(['vnet', 'last', 'copy-1', 'copy-2']);
  expect((await arm.send('GET', arm.id('Microsoft.Network/virtualNetworks', 'vnet/subnets/inner'))).status).toBe(200);
});

test('a resource that is refused fails the deployment; what depends on it is not sent, all else is created', async () => {
  const { properties } = await deployments.deploy('refused', {
    resources: [
      refusedInterface('orphan'),
      securityGroup('dependent', { dependsOn: ["[resourceId('Microsoft.Network/networkInterfaces', 'orphan')]"] }),
      securityGroup('independent'),
    ],
  });
  const target = arm.id('Microsoft.Network/networkInterfaces', 'orphan');
  expect(properties).toMatchObject({
    provisioningState: 'Failed',
    error: { code: 'DeploymentFailed', details: [{ code: 'InvalidResourceReference', target }] },
    outputResources: [{ id: arm.id('Microsoft.Network/networkSecurityGroups', 'independent') }],
  });
  expect(properties.outputs).toBeUndefined();
  expect(await deployments.operations('refused')).toEqual([
    ['orphan', 'Failed'],
    ['independent', 'Succeeded'],
  ]);
});

test('the operation reports the failure of a resource whose own operation fails', async () => {
  const match = { method: 'PUT', id: 'broken' };
  await arm.control('POST', 'faults', { match, effect: { failOperation: { code: 'Broken', message: 'no luck' } } });
  const { headers } = await deployments.put('async', { resources: [securityGroup('broken')] });
  await deployments.ended('async');
  const { pathname, search } = new URL(headers['azure-asyncoperation']!);
  const { body } = await send(arm.emulator, 'GET', pathname + search);
  expect(body).toMatchObject({
    status: 'Failed',
    error: {
      code: 'DeploymentFailed',
      details: [{ code: 'ResourceDeploymentFailure', details: [{ code: 'Broken' }] }],
    },
  });
});

test('policies apply to the resources of a template', async () => {
  const rule = { name: 'No-Groups', type: 'Microsoft.Network/networkSecurityGroups', effect: 'deny' };
  await arm.control('PUT', 'policies', { rules: [rule] });
  const { properties } = await deployments.deploy('denied', { resources: [securityGroup('forbidden')] });
  await arm.control('DELETE', 'policies');
  expect(properties.error.details).toMatchObject([{ code: 'RequestDisallowedByPolicy' }]);
  expect((await arm.send('GET', arm.id('Microsoft.Network/networkSecurityGroups', 'forbidden'))).status).toBe(404);
});

test('a secure parameter is used and never answered', async () => {
  const parameters = { secret: { type: 'securestring' } };
  const resources = [securityGroup('sealed', { tags: { length: "[string(length(parameters('secret')))]" } })];
  const accepted = await deployments.put('secure', { parameters, resources }, { secret: 'opensesame' });
  const ended = await deployments.ended('secure');
  const exported = await arm.send('POST', `${deployments.id('secure')}/exportTemplate`);
  const listed = await arm.send('GET', arm.id('Microsoft.Resources', 'deployments'));
  expect(ended.properties.parameters).toEqual({ secret: { type: 'SecureString' } });
  for (const text of [accepted.text, JSON.stringify(ended), exported.text, listed.text])
    expect(text).not.toContain('opensesame');
  const sealed = await arm.send('GET', arm.id('Microsoft.Network/networkSecurityGroups', 'sealed'));
  expect(sealed.body.tags).toEqual({ length: '10' });
});

test('a nested deployment is a deployment, and its outputs can be referred to', async () => {
  const inner = {
    contentVersion: '1.0.0.0',
    parameters: { name: { type: 'string' } },
    resources: [securityGroup("[parameters('name')]")],
    outputs: { made: { type: 'string', value: "[parameters('name')]" } },
  };
  const nested = {
    type: 'Microsoft.Resources/deployments',
    apiVersion: versions.deployments,
    name: 'inside',
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope: 'inner' },
      template: inner,
      parameters: { name: { value: "[toLower('FROM-OUTER')]" } },
    },
  };
  const outputs = { made: { type: 'string', value: "[reference('inside').outputs.made.value]" } };
  const { properties } = await deployments.deploy('outside', { resources: [nested], outputs });
  expect(properties.outputs).toEqual({ made: { type: 'String', value: 'from-outer' } });
  expect((await arm.send('GET', arm.id('Microsoft.Network/networkSecurityGroups', 'from-outer'))).status).toBe(200);
});

test('outputs that cannot be evaluated fail the deployment', async () => {
  const outputs = { none: { type: 'string', value: "[reference('made').none]" } };
  const { properties } = await deployments.deploy('outputs', { resources: [securityGroup('made')], outputs });
  expect(properties).toMatchObject({
    provisioningState: 'Failed',
    error: { code: 'DeploymentOutputEvaluationFailed', details: [{ code: 'InvalidTemplate', target: 'none' }] },
  });
});

const refusals: [string, object, Record<string, unknown>, number, string, string][] = [
  ['a missing parameter', { parameters: { a: { type: 'string' } } }, {}, 400, 'InvalidTemplate', "'a' is not provided"],
  ['an unknown parameter', {}, { b: 1 }, 400, 'InvalidTemplate', "The template parameters 'b' in the parameters file"],
  [
    'a parameter of another type',
    { parameters: { a: { type: 'int' } } },
    { a: 'x' },
    400,
    'InvalidTemplate',
    "Expected 'Integer'. Actual 'String'",
  ],
  [
    'a value that is not allowed',
    { parameters: { a: { type: 'string', allowedValues: ['x'] } } },
    { a: 'y' },
    400,
    'InvalidTemplate',
    "allowed value(s): 'x'",
  ],
  [
    'a value that is too short',
    { parameters: { a: { type: 'string', minLength: 3 } } },
    { a: 'y' },
    400,
    'InvalidTemplate',
    "greater than or equal to '3'",
  ],
  [
    'a circle',
    { resources: [securityGroup('a', { dependsOn: ['b'] }), securityGroup('b', { dependsOn: ['a'] })] },
    {},
    400,
    'InvalidTemplate',
    'Circular dependency',
  ],
  [
    'an unknown dependency',
    { resources: [securityGroup('a', { dependsOn: ['b'] })] },
    {},
    400,
    'InvalidTemplate',
    "The resource 'b' is not defined in the template",
  ],
  [
    'the same resource twice',
    { resources: [securityGroup('a'), securityGroup('A')] },
    {},
    400,
    'InvalidTemplate',
    'defined multiple times',
  ],
  [
    'a name with too many parts',
    { resources: [securityGroup('a/b')] },
    {},
    400,
    'InvalidTemplate',
    'incorrect segment lengths',
  ],
  [
    'an unknown parameter in an expression',
    { resources: [securityGroup("[parameters('x')]")] },
    {},
    400,
    'InvalidTemplate',
    "'The template parameter 'x' is not found.",
  ],
  [
    'an api-version that does not exist',
    { resources: [securityGroup('a', { apiVersion: '1999-01-01' })] },
    {},
    400,
    'InvalidResourceType',
    '1999-01-01',
  ],
  [
    'a member that the type does not have',
    { resources: [securityGroup('a', { properties: { none: 1 } })] },
    {},
    400,
    'InvalidTemplateDeployment',
    'not valid according to the validation procedure',
  ],
  [
    'a function that is not emulated',
    { resources: [securityGroup('[newGuid()]')] },
    {},
    501,
    'NotEmulated',
    "The function 'newGuid'",
  ],
  ['copies of variables', { variables: { copy: [] } }, {}, 501, 'NotEmulated', "'copy' in variables"],
  ['symbolic names', { resources: { a: securityGroup('a') } }, {}, 501, 'NotEmulated', 'Symbolic names'],
];

test.each(refusals)(
  '%s is refused, by validate too, and nothing is created',
  async (_, template, parameters, status, code, message) => {
    const put = await deployments.put('wrong', template, parameters);
    const validated = await arm.send('POST', `${deployments.id('wrong')}/validate`, deploymentOf(template, parameters));
    for (const reply of [put, validated])
      expect([reply.status, reply.body.error.code, reply.body.error.message]).toEqual([
        status,
        code,
        expect.stringContaining(message),
      ]);
    expect((await arm.send('GET', deployments.id('wrong'))).body.error.code).toBe('DeploymentNotFound');
  },
);
