import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCodec } from '../../src/temporal/payloadCodec.ts';
import { Choices, fuzzRequest } from './fuzzRequests.ts';
import { churn1, startApi } from './harness.ts';
import { listen, sendRaw } from './rawHttp.ts';
import type { RawAnswer } from './rawHttp.ts';

/** `FUZZ_REQUESTS=5000 FUZZ_SEED=7 npx vitest run test/api/fuzz.test.ts` for more, or others. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 1500);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const parallel = 8;

/** What is wrong with an answer, whatever the request was. */
function errorsOf({ status, headers, body }: RawAnswer): string[] {
  if (!(status >= 200 && status < 500)) return [`status ${status}`];
  if (status < 400) return [];
  if (!headers['content-type']?.startsWith('application/problem+json'))
    return [`content type ${headers['content-type']}`];
  // An answer to HEAD has no body.
  if (body === '') return [];
  const document = JSON.parse(body) as { status: number; code: string };
  return document.status === status && document.code ? [] : [`body ${body.slice(0, 200)}`];
}

test(
  `no request of ${requests} is answered 5xx or without a problem document, and the server keeps answering`,
  async () => {
    const codec = createCodec([{ id: 'k1', key: randomBytes(32).toString('base64') }]);
    const { app } = await startApi({ codec: { ...codec, temporalUi: null } });
    const port = await listen(app);
    await app.inject({ method: 'POST', url: '/environments', payload: churn1 });
    const choices = new Choices(seed);
    const statuses = new Map<number, number>();
    for (let sent = 0; sent < requests; sent += parallel) {
      const batch = Array.from({ length: parallel }, () => fuzzRequest(choices));
      const answers = await Promise.all(batch.map((bytes) => sendRaw(port, bytes, true)));
      for (const [index, received] of answers.entries()) {
        const request = `request ${sent + index} of seed ${seed}: ${batch[index]!.subarray(0, 300).toString('latin1')}`;
        expect(received.flatMap(errorsOf), request).toEqual([]);
        for (const { status } of received) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      const alive = await sendRaw(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      expect(alive[0]?.status).toBe(200);
    }
    // The requests reach handlers, schemas and the parser alike.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 202, 400, 403, 404, 413, 415, 431]));
  },
  requests * 60,
);
