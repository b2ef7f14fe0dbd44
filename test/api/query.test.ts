import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { listPage } from '../../src/temporal/visibility/page.ts';
import { startApi } from './harness.ts';

test.each([
  ['/environments?limit=true', '/limit'],
  ['/environments?limit=0x10', '/limit'],
  ['/environments?limit=1e1', '/limit'],
  ['/environments?limit=1.0', '/limit'],
  ['/environments?limit=01', '/limit'],
  ['/environments?limit=+1', '/limit'],
  ['/environments?limit=', '/limit'],
  ['/environments?limit=0', '/limit'],
  ['/environments?limit=201', '/limit'],
  ['/environments?limit=1&limit=2', '/limit'],
  ['/environments?expired=1', '/expired'],
  ['/environments?expired=True', '/expired'],
  ['/environments?cursor=', '/cursor'],
  ['/environments?q=', '/q'],
  ['/environments?q=A', '/q'],
  [`/environments?q=a'`, '/q'],
  ['/sweeps?limit=true', '/limit'],
  ['/sweeps?limit=0x10', '/limit'],
  ['/sweeps?limit=1e1', '/limit'],
])('refuses %s as invalid parameters', async (url, path) => {
  const { app } = await startApi();
  const answer = await app.inject(url);
  expect(answer.json()).toMatchObject({ status: 400, code: 'InvalidParameters', errors: [{ path }] });
});

test.each(['/environments?limit=1', '/environments?limit=200&expired=true&marked=false', '/sweeps?limit=10'])(
  'accepts %s',
  async (url) => {
    const { app } = await startApi();
    expect((await app.inject(url)).statusCode).toBe(200);
  },
);

const emptyPage = { items: [], nextCursor: null };
test.each(['nonsense', 'e30', '....'])('refuses the cursor %s, which no page has returned', async (cursor) => {
  const { app, environments } = await startApi();
  environments.list = ({ limit, cursor }) =>
    listPage({} as Client, { query: '', binding: '', limit, cursor, memoKeys: [] }).then(() => emptyPage);
  const answer = await app.inject(`/environments?cursor=${cursor}`);
  expect(answer.json()).toMatchObject({
    status: 400,
    code: 'InvalidParameters',
    errors: [{ path: '/cursor', message: 'invalid cursor' }],
  });
});
