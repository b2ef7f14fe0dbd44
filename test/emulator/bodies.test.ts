import { expect, test } from 'vitest';
import { location, send, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('bodies');
const { id } = arm;
const network = 'Microsoft.Network';

const refusal = ({ status, body }: Reply): [number, string, string] => [
  status,
  body.error.code,
  body.error.details?.[0]?.message ?? body.error.message,
];

const vnetBody = (subnet: object = {}, more: object = {}): object => ({
  location,
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ name: 'a', properties: { addressPrefix: '10.0.0.0/24', ...subnet } }],
    ...more,
  },
});

test('an unknown member is refused in the words of the service, and nothing is created', async () => {
  const vnet = id(`${network}/virtualNetworks`, 'vnet-unknown');
  expect(refusal(await arm.send('PUT', vnet, vnetBody({ colour: 'red' })))).toEqual([
    400,
    'InvalidRequestFormat',
    "Could not find member 'colour' on object of type 'SubnetProperties'. Path 'properties.subnets[0].properties.colour'.",
  ]);
  expect((await arm.send('GET', vnet)).status).toBe(404);
  const vm = id('Microsoft.Compute/virtualMachines', 'vm-unknown');
  expect(
    refusal(await arm.send('PUT', vm, { location, properties: { hardwareProfile: { vmsize: 'S', x: 1 } } })),
  ).toEqual([
    400,
    'BadRequest',
    "Could not find member 'x' on object of type 'HardwareProfile'. Path 'properties.hardwareProfile.x'.",
  ]);
  const account = id('Microsoft.Storage/storageAccounts', 'stunknown1');
  const body = { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: { colour: 'red' } };
  expect(refusal(await arm.send('PUT', account, body))).toEqual([
    400,
    'InvalidRequestContent',
    "The request content was invalid and could not be deserialized: 'Could not find member 'colour' on object of type 'StorageAccountProperties'. Path 'properties.colour'.'.",
  ]);
  const zone = id(`${network}/privateDnsZones`, 'unknown.example');
  expect(refusal(await arm.send('PUT', zone, { location: 'global', colour: 'red' }))).toEqual([
    400,
    'InvalidRequestContent',
    "The request content was invalid and could not be deserialized: 'Could not find member 'colour' on object of type 'ResourceDefinition'. Path 'colour'.'.",
  ]);
});

/** How a virtual network with such a subnet and such members is refused. */
async function put(subnet: object, more: object = {}): Promise<string> {
  const reply = await arm.send('PUT', id(`${network}/virtualNetworks`, 'vnet-wrong'), vnetBody(subnet, more));
  return reply.status === 400 ? refusal(reply)[2] : `${reply.status}`;
}

test('a value of the wrong kind or outside of an enumeration is refused', async () => {
  expect(await put({ addressPrefixes: {} })).toContain('because the type requires a JSON array');
  expect(await put({ networkSecurityGroup: ['x'] })).toContain('because the type requires a JSON object');
  expect(await put({ networkSecurityGroup: 'x' })).toBe(
    `Error converting value "x" to type 'NetworkSecurityGroup'. Path 'properties.subnets[0].properties.networkSecurityGroup'.`,
  );
  expect(await put({ privateEndpointNetworkPolicies: 'Sometimes' })).toContain('Error converting value "Sometimes"');
  expect(await put({}, { flowTimeoutInMinutes: 'ten' })).toContain('Could not convert string to integer: ten.');
  expect(await put({}, { flowTimeoutInMinutes: 4.5 })).toContain('not a valid integer');
  expect(await put({}, { enableDdosProtection: 'perhaps' })).toContain('Could not convert string to boolean: perhaps.');
  expect(await put({ addressPrefix: { a: 1 } })).toContain('Error reading string. Unexpected token: StartObject.');
});

test('a missing member is refused as the service says it', async () => {
  const vm = id('Microsoft.Compute/virtualMachines', 'vm-missing');
  const dataDisks = [{ createOption: 'Empty', diskSizeGB: 8 }];
  const compute = await arm.send('PUT', vm, { location, properties: { storageProfile: { dataDisks } } });
  expect(compute.body.error).toEqual({
    code: 'InvalidParameter',
    message: "Required parameter 'lun' is missing (null).",
    target: 'properties.storageProfile.dataDisks[0].lun',
  });
  const rule = `${id(`${network}/networkSecurityGroups`, 'nsg-missing')}/securityRules/r`;
  await arm.put(id(`${network}/networkSecurityGroups`, 'nsg-missing'), { location });
  expect(
    refusal(await arm.send('PUT', rule, { properties: { access: 'Allow', direction: 'Inbound', priority: 100 } })),
  ).toEqual([
    400,
    'InvalidRequestFormat',
    "Required property 'protocol' not found in JSON. Path 'properties.protocol'.",
  ]);
  expect(refusal(await arm.send('PUT', vm, { properties: {} }))[1]).toBe('LocationRequired');
});

/** A body without what changes with every PUT. */
const lasting = (body: object): unknown =>
  JSON.parse(JSON.stringify(body, (key, value) => (/^(etag|systemData|.*Time)$/.test(key) ? undefined : value)));

test('what a GET answered is accepted by a PUT, which changes nothing', async () => {
  const vnet = id(`${network}/virtualNetworks`, 'vnet-again');
  await arm.put(vnet, vnetBody());
  const account = id('Microsoft.Storage/storageAccounts', 'stagain1');
  await arm.put(account, { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' } });
  const vault = id('Microsoft.KeyVault/vaults', 'kvagain1');
  const sku = { family: 'A', name: 'standard' };
  await arm.put(vault, { location, properties: { tenantId: arm.subscriptionId, sku, enableRbacAuthorization: true } });
  for (const one of [vnet, account, vault]) {
    const before = (await arm.send('GET', one)).body;
    await arm.put(one, before);
    expect(lasting((await arm.send('GET', one)).body)).toEqual(lasting(before));
  }
});

test('nulls are as good as absent; case of names and values does not matter; numbers in texts are read', async () => {
  const vnet = id(`${network}/virtualNetworks`, 'vnet-lenient');
  const answer = await arm.put(vnet, {
    Location: location,
    tags: null,
    Properties: {
      AddressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      ddosProtectionPlan: null,
      flowTimeoutInMinutes: '10',
      subnets: [
        {
          name: 'a',
          properties: {
            addressprefix: '10.0.0.0/24',
            delegations: [],
            natGateway: null,
            privateEndpointNetworkPolicies: 'disabled',
            provisioningState: 'Succeeded',
          },
        },
      ],
    },
  });
  expect(answer.body.properties).toMatchObject({ flowTimeoutInMinutes: 10, addressSpace: {} });
  expect(answer.body.properties).not.toHaveProperty('ddosProtectionPlan');
  expect(answer.body.properties.subnets[0].properties).toMatchObject({
    addressPrefix: '10.0.0.0/24',
    privateEndpointNetworkPolicies: 'Disabled',
  });
});

test('a PATCH is read as strictly, but nothing is required of it', async () => {
  const account = id('Microsoft.Storage/storageAccounts', 'stpatched1');
  await arm.put(account, { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' } });
  expect(
    (await arm.send('PATCH', account, { properties: { minimumTlsVersion: 'tls1_2' } })).body.properties,
  ).toMatchObject({
    minimumTlsVersion: 'TLS1_2',
  });
  const refused = await arm.send('PATCH', account, { properties: { minimumTlsVersion: 'TLS9' } });
  expect(refusal(refused)).toEqual([
    400,
    'InvalidValuesForRequestParameters',
    'Values for request parameters are invalid: minimumTlsVersion.',
  ]);
  expect(refusal(await arm.send('PATCH', account, { properties: { colour: 'red' } }))[1]).toBe('InvalidRequestContent');
});

test('an api-version that a type has never had is refused with those that it has', async () => {
  const sent = (method: string, path: string, version: string, body?: object): Promise<Reply> =>
    send(arm.emulator, method, `${path}?api-version=${version}`, { body });
  const nsg = id(`${network}/networkSecurityGroups`, 'nsg-version');
  const put = await sent('PUT', nsg, '1999-01-01', { location });
  expect(refusal(put)).toEqual([
    400,
    'NoRegisteredProviderFound',
    expect.stringMatching(
      /^No registered resource provider found for location 'westus2' and API version '1999-01-01' for type 'networkSecurityGroups'\. The supported api-versions are '2026-03-01, 2026-01-01, .*2015-05-01-preview'\. The supported locations are '.*westus2.*'\.$/,
    ),
  ]);
  expect(refusal(await sent('GET', nsg, '2099-01-01')).slice(0, 2)).toEqual([400, 'InvalidResourceType']);
  expect(refusal(await sent('POST', `${nsg}/none`, '1999-01-01')).slice(0, 2)).toEqual([400, 'InvalidResourceType']);
  const group = await sent('GET', arm.group('bodies'), '1999-01-01');
  expect(refusal(group)).toEqual([
    400,
    'InvalidApiVersionParameter',
    expect.stringContaining("The api-version '1999-01-01' is invalid. The supported versions are '2025-04-01,"),
  ]);
  const listed = await sent('GET', `${arm.subscription}/providers/${network}`, '2021-04-01');
  const types: { resourceType: string; apiVersions: string[] }[] = listed.body.resourceTypes;
  const { apiVersions = [] } = types.find(({ resourceType }) => resourceType === 'networkSecurityGroups') ?? {};
  expect(apiVersions.slice(0, 3)).toEqual(['2026-03-01', '2026-01-01', '2025-09-01']);
  for (const version of [apiVersions[0]!, apiVersions.at(-1)!])
    expect((await sent('GET', nsg, version)).status).toBe(404);
});
