import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTargetReadiness } from '../../src/azure/targetReadiness.ts';

const directory = mkdtempSync(join(tmpdir(), 'moat-readiness-'));
const caFile = join(directory, 'ca.pem');
let endpoint: string;
let status: number | undefined;
let requests: string[] = [];
let close: () => void;

beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  writeFileSync(caFile, cert);
  const server = createServer({ cert, key }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (status !== undefined) response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => {
  close();
  rmSync(directory, { recursive: true });
});
afterEach(() => {
  vi.useRealTimers();
  requests = [];
});

test('is ready while the endpoint responds, with at most one request per second', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  status = 200;
  const ready = createTargetReadiness({ endpoint, caFile });
  expect(await Promise.all([ready(), ready(), ready()])).toEqual([true, true, true]);
  expect(requests).toEqual(['GET /metadata/endpoints?api-version=2015-01-01']);
  status = 503;
  expect(await ready()).toBe(true);
  vi.advanceTimersByTime(1_001);
  expect(await ready()).toBe(false);
});

test('is not ready while the endpoint accepts connections but never responds', async () => {
  status = undefined;
  expect(await createTargetReadiness({ endpoint, caFile }, 50)()).toBe(false);
});

test('is not ready without the authority of its certificate, or where nothing listens', async () => {
  status = 200;
  expect(await createTargetReadiness({ endpoint, caFile: join(directory, 'absent.pem') })()).toBe(false);
  expect(await createTargetReadiness({ endpoint: 'https://localhost:1', caFile })()).toBe(false);
  expect(requests).toEqual([]);
});
