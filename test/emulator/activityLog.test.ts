import { beforeAll, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('rg-activity');
const network = (): string => arm.id('Microsoft.Network/virtualNetworks', 'vnet');
const correlationId = '0f0f0f0f-1111-2222-3333-444455556666';
const properties = { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } };

interface Event {
  correlationId: string;
  status: { value: string };
  operationName: { value: string };
  resourceId: string;
  eventTimestamp: string;
  subStatus: { value: string };
  properties: { statusMessage?: string };
}

/** The events of a filter, oldest first. */
async function events(filter: string, more = ''): Promise<Event[]> {
  const path = `${arm.subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  const { status, body, text } = await arm.send('GET', `${path}?$filter=${encodeURIComponent(filter)}${more}`);
  if (status !== 200) throw new Error(text);
  return body.value.toReversed();
}
const always = "eventTimestamp ge '2000-01-01T00:00:00Z'";
const summary = (list: Event[]): string[] =>
  list.map(({ status, operationName }) => `${operationName.value} ${status.value}`);

beforeAll(async () => {
  const headers = { 'x-ms-correlation-request-id': correlationId };
  await arm.send('PUT', network(), { location, properties }, headers);
  await arm.untilSettled(network());
});

test('a write is reported from its request to the end of its operation', async () => {
  const found = await events(`${always} and correlationId eq '${correlationId}'`);
  const write = 'Microsoft.Network/virtualNetworks/write';
  expect(summary(found)).toEqual([`${write} Started`, `${write} Accepted`, `${write} Succeeded`]);
  expect(found[1]).toMatchObject({ resourceId: network(), subStatus: { value: 'Created' } });
});

test('requests that share a correlation id keep their own operations', async () => {
  const headers = { 'x-ms-correlation-request-id': '0f0f0f0f-9999' };
  const others = ['one', 'two'].map((name) => arm.id('Microsoft.Network/networkSecurityGroups', name));
  for (const other of others) await arm.send('PUT', other, { location, properties: {} }, headers);
  for (const other of others) await arm.untilSettled(other);
  expect(await events(`${always} and correlationId eq '0f0f0f0f-9999'`)).toHaveLength(6);
});

test('events are selected by group, resource, provider, status and time', async () => {
  const vault = arm.id('Microsoft.KeyVault/vaults', 'kv-x');
  await arm.send('PUT', vault, { location, properties: {} });
  const ofVault = await events(`${always} and resourceUri eq '${vault}'`);
  expect(summary(ofVault)).toEqual([
    'Microsoft.KeyVault/vaults/write Started',
    'Microsoft.KeyVault/vaults/write Failed',
  ]);
  const inGroup = await events(`${always} and resourceGroupName eq 'RG-Activity'`);
  expect(inGroup.length).toBeGreaterThan(ofVault.length);
  expect(await events(`${always} and resourceGroupName eq 'other'`)).toEqual([]);
  expect(await events(`${always} and resourceProvider eq 'Microsoft.KeyVault'`)).toHaveLength(2);
  expect(summary(await events(`${always} and status eq 'Failed'`))).toEqual(['Microsoft.KeyVault/vaults/write Failed']);
  expect(await events("eventTimestamp ge '2999-01-01T00:00:00Z'")).toEqual([]);
  const before =
    "eventTimestamp ge '2000-01-01' and eventTimestamp le '2001-01-01'and eventChannels eq 'Admin, Operation'";
  expect(await events(before)).toEqual([]);
});

test('actions, deletions and failed operations are reported', async () => {
  const error = { code: 'InternalServerError', message: 'An error occurred.' };
  await arm.control('POST', 'faults', { match: { method: 'DELETE' }, effect: { failOperation: error } });
  await arm.send('DELETE', network());
  await arm.untilSettled(network());
  const deletions = await events(`${always} and operationName eq 'Microsoft.Network/virtualNetworks/delete'`);
  expect(deletions.map(({ status }) => status.value)).toEqual(['Started', 'Accepted', 'Failed']);
  expect(deletions[2]?.properties.statusMessage).toContain('InternalServerError');
  await arm.send('PATCH', arm.group('rg-activity'), { tags: { a: 'b' } });
  const group = await events(`${always} and resourceType eq 'Microsoft.Resources/subscriptions/resourceGroups'`);
  expect(summary(group).at(-1)).toBe('Microsoft.Resources/subscriptions/resourceGroups/write Succeeded');
});

test('members are selected, and a filter without a time is refused', async () => {
  const [first] = await events(`${always} and correlationId eq '${correlationId}'`, '&$select=status,correlationId');
  expect(first).toEqual({ correlationId, status: { value: 'Started', localizedValue: 'Started' } });
  await expect(events("resourceGroupName eq 'rg-activity'")).rejects.toThrow('BadRequest');
  await expect(events(`${always} and color eq 'red'`)).rejects.toThrow('BadRequest');
});
