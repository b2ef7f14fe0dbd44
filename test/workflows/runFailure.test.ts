import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../src/workflows/runFailure.ts';

const lostWorker = new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT');
const failed = (retryState: 'CANCEL_REQUESTED' | 'TIMEOUT', cause: Error) =>
  new ActivityFailure('failed', 'observeJumpboxCommand', 'score:observe:score', retryState, 'worker', cause);

describe('The failure of an activity', () => {
  test('whose worker was lost after its cancellation was requested is the cancellation, not a command that never ends', () => {
    expect(failureOf(failed('CANCEL_REQUESTED', lostWorker), 'score')).toMatchObject({ type: 'Cancelled' });
  });

  test('whose last attempt failed after its cancellation was requested is the cancellation', () => {
    const transient = ApplicationFailure.retryable('socket hang up', 'Transient');
    expect(failureOf(failed('CANCEL_REQUESTED', transient), 'score')).toMatchObject({ type: 'Cancelled' });
  });

  test('that exceeded its time without a cancellation is Stuck', () => {
    expect(failureOf(failed('TIMEOUT', lostWorker), 'score')).toMatchObject({ type: 'Stuck' });
  });
});
