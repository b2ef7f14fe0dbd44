import type { Expected, Fact } from './operation.ts';

/** How providers report accepted requests and the ends of their operations. */

const succeeded = { status: 200, body: { status: 'Succeeded' } } as const;
const seconds = /^\d+$/;

export const atOnce = (status: number, body?: Fact): Expected => ({ status, ...(body === undefined ? {} : { body }) });

export const networkPut = (
  status: 200 | 201,
  body: Fact = { properties: { provisioningState: 'Updating' } },
): Expected => ({
  status,
  headers: { 'azure-asyncnotification': 'Enabled', 'retry-after': seconds },
  body,
  asyncOperation: succeeded,
});

export const networkDelete: Expected = {
  status: 202,
  headers: { 'retry-after': seconds },
  body: '',
  asyncOperation: succeeded,
  location: { status: 204, body: '' },
};
