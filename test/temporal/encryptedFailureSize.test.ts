import { randomBytes } from 'node:crypto';
import { DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { expect, it } from 'vitest';
import { requestFailure } from '../../src/activities/errors/activityFailures.ts';
import { failureRows } from '../../src/activities/errors/failureRows/index.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import { createCodec } from '../../src/temporal/payloadCodec.ts';

const { Failure } = proto.temporal.api.failure.v1;
/** The server drops the text of a pending activity's failure that is longer. */
const limitBytes = 4 * 1024;

const codec = createCodec([{ id: 'k'.repeat(32), key: randomBytes(32).toString('base64') }]);
const encrypt = async (payload: Payload): Promise<Payload> => (await codec.encode([payload]))[0]!;
const azure = { delayMs: (seconds: number) => seconds * 1000 } as unknown as Azure;

it('even the longest failure, encrypted, is below Temporal’s limit, so that progress can report it', async () => {
  const sizes = failureRows.map(async ({ codes, text }) => {
    const failure = requestFailure(azure, {
      code: codes[0] ?? 'Unknown',
      status: 409,
      message: `${text?.source ?? ''} ${'"'.repeat(4000)}`,
      details: [],
      retryAfterMs: null,
      requestId: null,
      correlationId: '11111111-2222-4333-8444-555555555555',
      operation: false,
      signIn: false,
    });
    const converted = new DefaultFailureConverter({ encodeCommonAttributes: true }).errorToFailure(
      failure,
      defaultPayloadConverter,
    );
    const info = converted.applicationFailureInfo!;
    const details = await Promise.all((info.details?.payloads ?? []).map(encrypt));
    const encrypted = Failure.fromObject({
      ...converted,
      encodedAttributes: await encrypt(converted.encodedAttributes!),
      applicationFailureInfo: { ...info, details: { payloads: details } },
    });
    return Failure.encode(encrypted).finish().length;
  });
  const longest = Math.max(...(await Promise.all(sizes)));
  expect(longest).toBeGreaterThan(2048);
  expect(longest).toBeLessThan(limitBytes);
});
