/** Failure types: a closed list that programs may match on. */

export const failureTypes = [
  'InProgress',
  'Throttled',
  'Busy',
  'Transient',
  'NotYetConsistent',
  'Capacity',
  'Quota',
  'Forbidden',
  'PolicyDenied',
  'NameTaken',
  'SoftDeleted',
  'InvalidRequest',
  'PreflightFailed',
  'ImageBuildFailed',
  'DeploymentUnhealthy',
  'IsolationBroken',
  'WrongAnswer',
  'AnswerTooLarge',
  'Stuck',
  'Blocked',
  'Cancelled',
  'Unknown',
] as const;

export type FailureType = (typeof failureTypes)[number];

/** The description of a failure, the same everywhere: activity failures carry it as their first detail. */
export interface FailureDetail {
  type: FailureType;
  /** ARM's error code where there is one, else the failure type */
  code: string;
  message: string;
  /** suggested remedy; empty when there is nothing to do but wait */
  remedy: string;
  /** ARM's `x-ms-correlation-request-id`, for Azure support */
  correlationId: string | null;
}

/** A failed run's reason, with the step in which it happened. */
export interface Failure extends FailureDetail {
  step: string | null;
}
