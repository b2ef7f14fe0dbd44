import { describe, expect, test } from 'vitest';
import { requestFailure, operationFailure } from '../../src/activities/errors/activityFailures.ts';
import type { ActivityFailureDetail } from '../../src/activities/errors/activityFailures.ts';
import { applyAttemptBudget } from '../../src/activities/errors/attemptBudget.ts';
import { lastLines, redactSecrets } from '../../src/activities/errors/failureText.ts';
import { OperationFailed, parseArmError } from '../../src/azure/parseArmError.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import { crash, reports } from './armReports.ts';

const azure = { delayMs: (seconds: number) => seconds * 1000 } as unknown as Azure;
const ended = (error: object) =>
  new OperationFailed({ method: 'GET', url: '', status: 200, headers: {}, body: { status: 'Failed', error } });
const detailOf = (error: object) =>
  operationFailure(azure, parseArmError(ended(error)), null).details![0] as ActivityFailureDetail;
const inner = JSON.stringify({ error: { code: 'ScopeLocked', message: 'is locked' } });

describe('JSON inside a text', () => {
  test.each([
    ['as the whole message', inner],
    ['after a prefix', `Call failed. Error detail: ${inner} Retry.`],
    ['with escaped quotes', `detail: ${inner.replaceAll('"', '\\"')}`],
    ['as a JSON string', JSON.stringify(inner)],
    ['as a JSON string twice', JSON.stringify(JSON.stringify(inner))],
    ['in JSON inside a text', JSON.stringify({ error: { code: 'Outer', message: `failed: ${inner}` } })],
  ])('T01 is unwrapped %s', (_how, message) => {
    const { details } = parseArmError(ended({ code: 'ResourceGroupDeletionBlocked', message }));
    expect(details.map(({ code }) => code)).toContain('ScopeLocked');
    expect(detailOf({ code: 'ResourceGroupDeletionBlocked', message }).code).toBe('ScopeLocked');
  });

  test('T01 keeps the target of the detail that contains it, and the inner message', () => {
    const { causes, type } = detailOf(reports.T01.error);
    expect(type).toBe('Busy');
    expect(causes).toEqual([
      {
        resource: reports.T01.error.details[0].target,
        code: '400',
        message: expect.stringMatching(/^Resource not in terminal state/),
      },
    ]);
  });

  test('is left alone where it is no error', () => {
    const message = 'expected {"name": "x"} and {broken';
    expect(parseArmError(ended({ code: 'X', message })).message).toBe(message);
  });
});

describe('the size of a failure', () => {
  test.each([200_000, 3_000_000])(
    'P02 a message of %i bytes leaves less than 4 KiB, with its first and last part',
    (size) => {
      const message = `ResourceNotReady: ${crash} ${'at frame é in model.py '.repeat(size / 24)} ValueError: the end`;
      const failure = operationFailure(azure, parseArmError(ended({ code: null, message })), null);
      expect(failure.type).toBe('DeploymentUnhealthy');
      expect(Buffer.byteLength(failure.message)).toBeLessThanOrEqual(800);
      expect(failure.message).toMatch(/^ResourceNotReady: User container .* … .*ValueError: the end$/);
      expect(Buffer.byteLength(JSON.stringify(failure.details))).toBeLessThan(2048);
    },
  );

  test('P02 a body nested without end, and one with thousands of details, leave as little', () => {
    let nested: object = { code: 'Inner', message: 'x'.repeat(5000) };
    for (let level = 0; level < 5000; level++) nested = { code: 'Outer', message: 'm', details: [nested] };
    const details = Array.from({ length: 5000 }, (_, i) => ({
      code: `C${i}`,
      target: `/subscriptions/s/${i}`,
      message: 'm',
    }));
    for (const error of [nested, { code: 'Many', message: 'm', details }])
      expect(Buffer.byteLength(JSON.stringify(detailOf(error)))).toBeLessThan(3072);
  });
});

test('A15 a missing role is retried 20 times, a minute apart, and is then Forbidden', () => {
  const { status, error } = reports.A15;
  const failure = requestFailure(azure, parseArmError({ statusCode: status, message: '', details: { error } }));
  expect([failure.nonRetryable, failure.nextRetryDelay]).toEqual([false, 60_000]);
  expect(applyAttemptBudget(failure, { NotYetConsistent: 18 })).toMatchObject({ nonRetryable: false });
  const last = applyAttemptBudget(failure, { NotYetConsistent: 19 });
  expect(last).toMatchObject({ nonRetryable: true, type: 'Forbidden', details: [{ type: 'Forbidden' }] });
});

describe('the text of a container’s log', () => {
  test('has no secrets', () => {
    const secrets = [
      'https://stx.blob.core.windows.net/c/model.pkl?sv=2024&sig=abc%2Fdef',
      'AccountKey=q0Zt+aaaaaaaaaaaaaaaaaaaa==;',
      '"primaryKey": "0123456789abcdef"',
      'Authorization: Bearer eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl',
      'password=hunter22 token: s3cr3tvalue',
      'https://ana:hunter22@example.com/x',
    ];
    const text = redactSecrets(secrets.join('\n'));
    expect(text).not.toMatch(/sig=abc|aaaaaaa|0123456789abcdef|eyJ|hunter22|s3cr3tvalue/);
    expect(text).toContain('https://stx.blob.core.windows.net/c/model.pkl');
  });

  test('keeps a traceback as it is', () => {
    const traceback =
      'Traceback (most recent call last):\n  File "/var/azureml-app/score.py", line 3, in <module>\nKeyError: \'token_count\'';
    expect(redactSecrets(traceback)).toBe(traceback);
    expect(lastLines(`${'noise\n'.repeat(500)}${traceback}\n`, 3, 2000)).toBe(traceback);
    expect(Buffer.byteLength(lastLines('é'.repeat(5000), 40, 2000))).toBeLessThanOrEqual(2000);
  });
});
