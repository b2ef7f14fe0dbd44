import { expect, it } from 'vitest';
import { placeholders, recordedWrites } from '../../bench/recordedWrites.ts';
import type { LoggedRequest } from '../../src/emulator/http/requestLog.ts';

const group = '/subscriptions/sub/resourceGroups/rg-moat-benchone';
const roleId = '8b9b971b-d2ac-4b9b-a965-fbc83c182c22';
const workspaceId = 'd9d2a685-0c93-4747-870c-a0cff56e3f79';

const request = (path: string, body: object = {}, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  at: 0,
  method: 'PUT',
  path: `${group}${path}`,
  query: { 'api-version': '2026-01-01' },
  status: 201,
  body: body as LoggedRequest['body'],
  correlationId: '',
  caller: '',
  ...more,
});
const runCommand = (name: string): string => `/providers/Microsoft.Compute/virtualMachines/vm/runCommands/${name}`;

it('the writes of a run are sent for another environment: accepted ones in order, with placeholders for what Azure chooses', () => {
  const parameters = [
    { name: 'MOAT_CLIENT_ID', value: '69f31df7-874d-4253-964e-b455ffa8e55b' },
    { name: 'MOAT_CONTAINER', value: `azureml-blobstore-${workspaceId}` },
  ];
  const writes = recordedWrites(
    [
      request('', { location: 'westus2' }),
      request('/providers/Microsoft.ContainerRegistry/registries/crbnone1', {}, { status: 429 }),
      request('/providers/Microsoft.ContainerRegistry/registries/crbnone1', { sku: { name: 'Premium' } }),
      request(`/providers/Microsoft.Authorization/roleAssignments/${roleId}`, { properties: { principalId: 'uai-1' } }),
      request(runCommand('buildImage'), { properties: { asyncExecution: true, parameters } }),
      request(runCommand('verify-1'), { properties: {} }),
      request(runCommand('buildImage'), {}, { method: 'DELETE', status: 202 }),
      request('/providers/Microsoft.Resources/tags/default', {}, { method: 'PATCH', status: 200 }),
      request('', {}, { path: '/subscriptions/sub/resourceGroups/rg-moat-other' }),
    ],
    { name: 'benchone', suffix: 'bnone1' },
    { name: 'benchtwo', suffix: 'bntwo1' },
  );
  expect(
    writes.map(
      ({ method, id }) =>
        `${method} ${id
          .replace(/^.*rg-moat-benchtwo/, '')
          .split('/')
          .slice(-2)
          .join(' ')}`,
    ),
  ).toEqual([
    'PUT ',
    'PUT registries crbntwo1',
    expect.stringMatching(/^PUT roleAssignments /),
    'PUT runCommands buildImage',
    'DELETE runCommands buildImage',
  ]);
  const text = JSON.stringify(writes);
  expect(text).not.toMatch(/benchone|bnone1|uai-1/);
  expect(text).not.toContain(roleId);
  expect(writes[2]!.body).toEqual({ properties: { principalId: placeholders.principalId } });
  expect(writes[3]!.body).toMatchObject({
    properties: {
      asyncExecution: false,
      parameters: [{ value: placeholders.clientId }, { value: `azureml-blobstore-${placeholders.workspaceId}` }],
    },
  });
});
