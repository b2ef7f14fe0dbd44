import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('snap');
const nsg = (name: string): string => arm.id('Microsoft.Network/networkSecurityGroups', name);
const statusOf = async (id: string): Promise<number> => (await arm.send('GET', id)).status;

test('a snapshot restores everything as it was, also after a restart', async () => {
  await arm.put(nsg('kept'), { location, tags: { a: 'b' } });
  await arm.control('PUT', 'objects/quota:ml:x:westus2', { value: 7 });
  const before = await arm.send('GET', nsg('kept'));
  const { body: snapshot } = await arm.control('GET', 'state');

  await arm.put(nsg('later'), { location });
  await arm.send('DELETE', nsg('kept'));
  await arm.control('DELETE', 'objects/quota:ml:x:westus2');
  expect((await arm.control('PUT', 'state', snapshot)).status).toBe(204);

  for (const restart of [false, true]) {
    if (restart) await arm.restart();
    expect((await arm.send('GET', nsg('kept'))).body).toEqual(before.body);
    expect(await statusOf(nsg('later'))).toBe(404);
    expect((await arm.control('GET', 'objects/quota:ml:x:westus2')).body).toEqual({ value: 7 });
  }
});

test('a snapshot taken during an operation restores it, and it ends', async () => {
  const workspace = arm.id('Microsoft.OperationalInsights/workspaces', 'law-snap');
  await arm.send('PUT', workspace, { location });
  const { body: snapshot } = await arm.control('GET', 'state');
  await arm.control('DELETE', 'state');
  expect(await statusOf(workspace)).toBe(404);
  await arm.control('PUT', 'state', snapshot);
  expect((await arm.untilSettled(workspace)).body.properties.provisioningState).toBe('Succeeded');
});

test('faults are part of a snapshot', async () => {
  await arm.control('POST', 'faults', { match: { method: 'GET' }, effect: { status: 418 } });
  const { body: snapshot } = await arm.control('GET', 'state');
  await arm.control('DELETE', 'faults');
  await arm.control('PUT', 'state', snapshot);
  expect(await statusOf(nsg('kept'))).toBe(418);
});

test('a snapshot larger than a request to ARM can be is restored', async () => {
  const filler = 'x'.repeat(1024 * 1024);
  for (const name of ['1', '2', '3', '4', '5']) await arm.control('PUT', `objects/filler:${name}`, { value: filler });
  const { body: snapshot } = await arm.control('GET', 'state');
  expect((await arm.control('PUT', 'state', snapshot)).status).toBe(204);
  expect((await arm.control('GET', 'objects/filler:*')).body).toHaveLength(5);
});

const empty = { resources: {}, operations: {}, objects: {}, faults: {}, settings: {} };

test.each([
  ['nothing', {}],
  ['an unknown table', { ...empty, cars: {} }],
  ['a table that is a list', { ...empty, resources: [] }],
  ['a resource that is a text', { ...empty, resources: { '/subscriptions/x': 'y' } }],
])('%s is refused, and changes nothing', async (_, body) => {
  await arm.control('DELETE', 'faults');
  const answer = await arm.control('PUT', 'state', body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain('not a state');
  expect((await arm.control('GET', 'objects/filler:*')).body).toHaveLength(5);
});
