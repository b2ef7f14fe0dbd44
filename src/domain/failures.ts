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

/** A resource that ARM names as the cause of a failure, with the error about it. */
export interface FailureCause {
  /** ARM id */
  resource: string;
  code: string;
  message: string;
}

/** A failed run's reason, with the step in which it happened. */
export interface Failure extends FailureDetail {
  step: string | null;
  /** the last lines of the container's log, where a deployment did not become healthy, or a local try failed */
  log: string | null;
}

/** A failure with what is known about it; the code defaults to the type, everything else to nothing. */
export const newFailure = (known: Pick<Failure, 'type' | 'message'> & Partial<Failure>): Failure => ({
  step: null,
  code: known.type,
  remedy: '',
  correlationId: null,
  log: null,
  ...known,
});
