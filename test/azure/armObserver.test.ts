import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { observerPolicy } from '../../src/azure/armObserver.ts';
import type { ArmAnswer, ArmObserver, ArmRequest } from '../../src/azure/armObserver.ts';

const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const group = `${subscription}/resourceGroups/rg-moat-churn1`;

/** Sends a request to `path`, answered with a status (an error: not answered). Returns what an observer sees. */
async function observe(
  path: string,
  answer: number | Error,
  { method = 'GET', headers = {} }: { method?: HttpMethods; headers?: Record<string, string> } = {},
): Promise<{ request?: ArmRequest; answer?: ArmAnswer }> {
  const seen: { request?: ArmRequest; answer?: ArmAnswer } = {};
  const observer: ArmObserver = (request) => {
    seen.request = request;
    return (ended) => {
      seen.answer = ended;
    };
  };
  const request = createPipelineRequest({ url: `https://management.azure.com${path}`, method });
  const send = async (): Promise<PipelineResponse> => {
    if (answer instanceof Error) throw answer;
    return { request, status: answer, headers: createHttpHeaders(headers) };
  };
  await observerPolicy([observer])
    .sendRequest(request, send)
    .catch(() => undefined);
  return seen;
}

describe('a request to ARM', () => {
  it.each([
    [
      `${group}/providers/Microsoft.Network/virtualNetworks/vnet`,
      'Microsoft.Network',
      'Microsoft.Network/virtualNetworks',
    ],
    [
      `${group}/providers/microsoft.network/virtualNetworks/vnet/subnets/a`,
      'Microsoft.Network',
      'Microsoft.Network/virtualNetworks/subnets',
    ],
    [
      `${group}/providers/Microsoft.Storage/storageAccounts/a/providers/Microsoft.Authorization/roleAssignments/b`,
      'Microsoft.Authorization',
      'Microsoft.Authorization/roleAssignments',
    ],
    [group, 'Microsoft.Resources', 'Microsoft.Resources/subscriptions/resourceGroups'],
    [`${group}/providers/Vendor.Product/things/a`, 'other', 'other/things'],
  ])('belongs to a resource provider: %s', async (path, provider, resourceType) => {
    expect((await observe(path, 200)).request).toMatchObject({ provider, resourceType });
  });

  it('is seen without its query, which is signed', async () => {
    const { request } = await observe(`${group}/providers/Microsoft.Network/x/operationStatuses/1?t=1&s=secret`, 200);
    expect(JSON.stringify(request)).not.toContain('secret');
  });

  it.each([
    [200, 'none'],
    [404, 'none'],
    [403, 'refused'],
    [409, 'conflict'],
    [429, 'throttled'],
    [408, 'transient'],
    [503, 'transient'],
  ])('with the status %s has the retry class %s', async (status, retry) => {
    expect((await observe(group, status)).answer).toMatchObject({ status, retry });
  });

  it('without an answer has the retry class connection', async () => {
    expect((await observe(group, new Error('reset'))).answer).toMatchObject({ status: null, retry: 'connection' });
  });

  it('shows what ARM reports as remaining', async () => {
    const headers = {
      'x-ms-ratelimit-remaining-subscription-writes': '199',
      'x-ms-ratelimit-remaining-subscription-global-writes': '2999',
      'x-ms-ratelimit-remaining-subscription-made-up': '1',
    };
    const { answer } = await observe(group, 200, { method: 'PUT', headers });
    expect(answer?.remaining.map(({ bucket, requests }) => [bucket, requests])).toEqual([
      ['writes', 199],
      ['global-writes', 2999],
    ]);
  });

  it('to another address than ARM is not observed', async () => {
    expect(await observe('/_emulator/outside', 200, { method: 'POST' })).toEqual({});
  });
});
