import type { Action } from '../../src/activities/errors/failureRows/row.ts';
import type { ArmError } from '../../src/azure/parseArmError.ts';
import type { FailureType } from '../../src/domain/failures.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';

/** An ARM error; only the members that matter are given. */
export const error = (more: Partial<ArmError>): ArmError => ({
  code: 'Unknown',
  status: 400,
  message: '',
  details: [],
  retryAfterMs: null,
  requestId: null,
  correlationId: null,
  operation: false,
  signIn: false,
  ...more,
});

/** ARM errors with the failure type and action that they map to; `on` is the key of the resource that was requested. */
export type Case = [sentence: string, error: Partial<ArmError>, type: FailureType, action: Action, on?: ResourceKey];
