import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('dir');
const names = (body: { value: { displayName: string }[] }): string[] =>
  body.value.map(({ displayName }) => displayName);

test('a managed identity is found by its client id, its object id and its name', async () => {
  const { body } = await arm.put(arm.id('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-dir'), { location });
  const { clientId, principalId } = body.properties;
  const byFilter = async (filter: string): Promise<string[]> =>
    names((await arm.send('GET', `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`)).body);
  expect(await byFilter(`servicePrincipalNames/any(c:c eq '${clientId}')`)).toEqual(['id-dir']);
  expect(await byFilter(`displayName eq 'id-dir'`)).toEqual(['id-dir']);
  expect(await byFilter(`displayName eq 'id'`)).toEqual([]);
  expect(await byFilter(`startswith(displayName,'id-')`)).toEqual(['id-dir']);
  const ids = [principalId, '00000000-0000-4000-8000-000000000000'];
  expect(names((await arm.send('POST', '/v1.0/directoryObjects/getByIds', { ids })).body)).toEqual(['id-dir']);
  expect((await arm.send('GET', `/v1.0/servicePrincipals/${principalId}`)).body).toMatchObject({
    appId: clientId,
    servicePrincipalType: 'ManagedIdentity',
  });
});

test('a principal that does not exist is not found, and nobody else is in the directory', async () => {
  const missing = await arm.send('GET', '/v1.0/servicePrincipals/00000000-0000-4000-8000-000000000000');
  expect([missing.status, missing.body.error.code]).toEqual([404, 'Request_ResourceNotFound']);
  expect((await arm.send('GET', '/v1.0/users')).body).toEqual({ value: [] });
  expect((await arm.send('GET', '/v1.0/applications')).status).not.toBe(200);
});
