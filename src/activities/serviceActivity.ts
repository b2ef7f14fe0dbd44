import { ApplicationFailure } from '@temporalio/common';
import { transientFailure } from './errors/activityFailures.ts';
import { withHeartbeat } from './withHeartbeat.ts';

/** An activity that calls Temporal or the webhook; Temporal retries it by its retry policy. */
export const serviceActivity = <Input, Output>(work: (input: Input) => Promise<Output>) =>
  withHeartbeat(
    {
      initialDetails: {},
      onFailure: (thrown, details) => ({
        failure: thrown instanceof ApplicationFailure ? thrown : transientFailure(thrown),
        details,
      }),
    },
    work,
  );
