import { afterEach, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('appear');

afterEach(() => arm.control('DELETE', 'appearances'));

const nsgType = 'Microsoft.Network/networkSecurityGroups';
const actionGroup = 'microsoft.insights/actiongroups';

const listed = async (): Promise<string[]> => {
  const { body } = await arm.send('GET', `${arm.group('appear')}/resources`);
  return (body.value as { id: string }[]).map(({ id }) => id);
};

test('a resource of a type that is not emulated appears, can be listed, read and deleted, and is gone then', async () => {
  const id = arm.id(actionGroup, 'Smart Detection');
  await arm.control('POST', 'appearances', { id, location: 'global', properties: { enabled: true } });
  expect(await listed()).toContain(id);
  const path = id.replace(' ', '%20');
  expect((await arm.send('GET', path)).body).toMatchObject({ name: 'Smart Detection', properties: { enabled: true } });
  expect((await arm.send('DELETE', path)).status).toBe(200);
  expect((await arm.send('GET', path)).status).toBe(404);
  expect((await arm.send('DELETE', path)).status).toBe(204);
  expect((await arm.send('PUT', path, { location })).status).toBe(501);
});

test('one appears when the deletion of another begins, also after a restart', async () => {
  const [id, trigger] = [arm.id(actionGroup, 'late'), arm.id(nsgType, 'nsg')];
  await arm.put(trigger, { location });
  await arm.control('POST', 'appearances', { id, whenDeleting: trigger, afterSeconds: 1 });
  await arm.restart();
  expect(await listed()).not.toContain(id);
  await arm.send('DELETE', trigger);
  await expect.poll(listed).toContain(id);
});

test('one appears below what has been created, and goes with it', async () => {
  await arm.control('POST', 'appearances', { id: '{id}/extensions/agent', whenCreated: nsgType, location });
  const nsg = arm.id(nsgType, 'parent');
  await arm.put(nsg, { location });
  await expect.poll(listed).toContain(`${nsg}/extensions/agent`);
  await arm.send('DELETE', nsg);
  await arm.untilSettled(nsg);
  expect(await listed()).not.toContain(`${nsg}/extensions/agent`);
});

test('nothing appears in a group that is gone, and an unknown type stays unknown', async () => {
  const id = `${arm.group('gone')}/providers/${actionGroup}/a`;
  await arm.control('POST', 'appearances', { id });
  expect((await arm.control('GET', 'resources')).text).not.toContain('/gone/');
  expect((await arm.send('GET', arm.id('Contoso.Other/things', 'x'))).status).toBe(501);
});

test('an appearance without the id of a resource is refused', async () => {
  expect((await arm.control('POST', 'appearances', { id: 'x' })).status).toBe(400);
});
