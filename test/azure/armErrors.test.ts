import { expect, test } from 'vitest';
import { OperationFailed, parseArmError, retryAfterOf } from '../../src/azure/parseArmError.ts';

test('Retry-After is read in milliseconds first, then in seconds or as a date; absent and zero mean none.', () => {
  expect(retryAfterOf({ 'x-ms-retry-after-ms': '40', 'retry-after': '1' })).toBe(40);
  expect(retryAfterOf({ 'retry-after': '17' })).toBe(17_000);
  expect(retryAfterOf({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })).toBeGreaterThan(50_000);
  expect(retryAfterOf({ 'retry-after': '0' })).toBeNull();
  expect(retryAfterOf({})).toBeNull();
});

test('Nested codes are read at any depth.', () => {
  const body = {
    error: {
      code: 'DeploymentFailed',
      message: 'outer',
      details: [{ code: 'Conflict', message: 'middle', details: [{ code: 'RetryableError', message: 'inner' }] }],
    },
  };
  const read = parseArmError({ statusCode: 409, details: body, message: 'HTTP 409' });
  expect(read).toMatchObject({ code: 'DeploymentFailed', status: 409, message: 'outer' });
  expect(read.details.map(({ code }) => code)).toEqual(['Conflict', 'RetryableError']);
});

test('A cancelled operation without an error has its own code.', () => {
  const exchange = { method: 'GET', url: '', status: 200, headers: {}, body: { status: 'Canceled' } };
  expect(parseArmError(new OperationFailed(exchange))).toMatchObject({ code: 'OperationCanceled', operation: true });
});

test('A broken connection, a failed sign-in and an internal error are distinguished.', () => {
  expect(parseArmError(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toMatchObject({
    code: 'ECONNRESET',
    status: 0,
  });
  const unavailable = Object.assign(new Error('no credential'), { name: 'CredentialUnavailableError' });
  expect(parseArmError(unavailable)).toMatchObject({ signIn: true, status: null });
  expect(parseArmError(new RangeError('no such thing'))).toMatchObject({
    code: 'Unknown',
    status: null,
    signIn: false,
  });
});
