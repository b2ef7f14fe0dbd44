/** Why something went wrong, in a closed list that programs may match on. */

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

/** What is told of a failure, everywhere the same: activity failures carry it as their first detail. */
export interface FailureDetail {
  type: FailureType;
  /** ARM's error code where there is one, else the failure type */
  code: string;
  message: string;
  /** what to type or to change; empty when nothing is to be done but wait */
  remedy: string;
  /** ARM's `x-ms-correlation-request-id`, for Azure support */
  correlationId: string | null;
}

/** A failed run's reason, with the step in which it happened. */
export interface Failure extends FailureDetail {
  step: string | null;
}
