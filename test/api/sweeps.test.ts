import { expect, test } from 'vitest';
import { startApi } from './harness.ts';

test('a sweep is started, dry or not, and returned with its lists', async () => {
  const { app } = await startApi();
  const dry = await app.inject({ method: 'POST', url: '/sweeps', payload: { dryRun: true } });
  expect([dry.statusCode, dry.headers.location, dry.json()]).toEqual([
    202,
    '/sweeps/sweep-1',
    expect.objectContaining({ id: 'sweep-1', dryRun: true }),
  ]);
  expect((await app.inject({ method: 'POST', url: '/sweeps' })).json()).toMatchObject({ dryRun: false });
  expect((await app.inject('/sweeps/sweep-1')).json()).toMatchObject({ lists: { mark: [] } });
  expect((await app.inject('/sweeps?limit=1')).json<{ items: object[] }>().items).toHaveLength(1);
});

test('a stopped sweep has its reasons and can be approved; another cannot', async () => {
  const { app, sweeps } = await startApi();
  const reason = { code: 'TooManyDue' as const, message: '737 of 737 environments are due at once' };
  sweeps.add({ state: 'stopped', stopReasons: [reason] });
  expect((await app.inject('/sweeps/sweep-1')).json()).toMatchObject({ state: 'stopped', stopReasons: [reason] });
  const approved = await app.inject({ method: 'POST', url: '/sweeps/sweep-1/approve' });
  expect([approved.statusCode, approved.json()]).toEqual([
    202,
    expect.objectContaining({ approvedSweepId: 'sweep-1' }),
  ]);
  const again = await app.inject({ method: 'POST', url: '/sweeps/sweep-2/approve' });
  expect([again.statusCode, again.json()]).toEqual([409, expect.objectContaining({ code: 'NotStopped' })]);
});

test('refuses an unknown sweep and an invalid body', async () => {
  const { app } = await startApi();
  expect((await app.inject('/sweeps/sweep-9')).statusCode).toBe(404);
  expect((await app.inject('/sweeps/environment-churn1')).statusCode).toBe(404);
  expect((await app.inject({ method: 'POST', url: '/sweeps/sweep-9/approve' })).statusCode).toBe(404);
  const body = await app.inject({ method: 'POST', url: '/sweeps', payload: { dryRun: 'yes' } });
  expect([body.statusCode, body.json()]).toEqual([400, expect.objectContaining({ code: 'InvalidBody' })]);
});

test('the schedule has the next run and the policy in words', async () => {
  const { app } = await startApi();
  const answer = await app.inject('/sweeps/schedule');
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    expect.objectContaining({ mode: 'on', interval: '1h', grace: '2h', nextRunAt: '2026-11-24T04:00:00.000Z' }),
  ]);
  expect(answer.json().policy).toMatchObject({
    timing: expect.stringContaining('every hour'),
    grace: expect.stringContaining('a grace period of 2 hours'),
    cap: 'One sweep requests at most 5 teardowns, or a fifth of all environments if that is more.',
    dailyCap: 'All sweeps of 24 hours request at most 20 teardowns, or half of all environments if that is more.',
  });
});
