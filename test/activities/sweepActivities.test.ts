import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createSweepActivities } from '../../src/activities/sweep/sweepActivities.ts';
import type { SweepGateway } from '../../src/domain/sweep/gateway.ts';
import { sweepSettings } from '../workflows/fixtures.ts';
import { attempt, failureOf, activityEnvironment } from './emulatorHarness.ts';

const entry = { name: 'churn1', subscriptionId: 's', group: 'rg-moat-churn1', owner: null, expiresAt: '', reason: '' };
const action = { kind: 'mark', entries: Array.from({ length: 12 }, () => entry), at: '2026-01-01T00:00:00Z' } as const;

function activitiesOn(gateway: Partial<SweepGateway>) {
  const usual = {
    settings: async () => sweepSettings(),
    mark: async () => ({ text: 'marked', done: true, off: false }),
  };
  return createSweepActivities({ gateway: { ...usual, ...gateway } as SweepGateway, webhook: null });
}

test('executes an action on every entry of its batch', async () => {
  const outcomes = await attempt(activitiesOn({}).executeSweepAction, { ...action, entries: [...action.entries] });
  expect(outcomes.map(({ text }) => text)).toEqual(action.entries.map(() => 'marked'));
});

test('a failed call of Temporal leaves a retryable failure with a failure type', async () => {
  const { previousSweeps } = activitiesOn({ previousSweeps: () => Promise.reject(new Error('14 UNAVAILABLE')) });
  const failure = await failureOf(attempt(previousSweeps, { ownId: 'sweep-1' }));
  expect(failure).toMatchObject({ type: 'Transient', nonRetryable: false });
  expect(failure.detail).toMatchObject({ code: 'Transient', message: '14 UNAVAILABLE' });
});

test('a cancelled activity ends as cancelled', async () => {
  const env = activityEnvironment();
  const { viewWorkflows } = activitiesOn({
    views: () => {
      env.cancel();
      return Promise.reject(new Error('aborted'));
    },
  });
  await expect(env.run(viewWorkflows, { names: ['churn1'] })).rejects.toBeInstanceOf(CancelledFailure);
});
