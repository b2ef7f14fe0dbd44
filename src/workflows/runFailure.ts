import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { Failure, FailureDetail, FailureType } from '../domain/failures.ts';
import { failureTypes } from '../domain/failures.ts';
import { retryByPost } from '../domain/remedies.ts';
import type { StepId } from '../domain/steps.ts';

const isFailureType = (type: unknown): type is FailureType => failureTypes.some((known) => known === type);

function rootOf(error: unknown): unknown {
  return error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? rootOf(error.cause) : error;
}

/** Whether polling exceeded its schedule-to-close timeout while Azure's operation was running or the resource was busy. */
function pollingTimedOut(error: unknown): boolean {
  if (error instanceof ChildWorkflowFailure) return pollingTimedOut(error.cause);
  if (!(error instanceof ActivityFailure) || error.retryState !== 'TIMEOUT') return false;
  return error.cause instanceof ApplicationFailure && ['InProgress', 'Busy'].includes(error.cause.type ?? '');
}

/** A cancellation for an activity whose last attempt failed after its cancellation was requested: Temporal does not retry it. Else the error itself. */
export const unwrapCancellation = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED'
    ? new CancelledFailure('cancelled between two attempts')
    : error;

/** The failure of an activity or run, as the environment shows it. */
export function failureOf(error: unknown, step: StepId | null): Failure {
  if (isCancellation(error))
    return {
      step,
      type: 'Cancelled',
      code: 'Cancelled',
      message: 'The run was cancelled.',
      remedy: '',
      correlationId: null,
    };
  const root = rootOf(error);
  if (root instanceof TimeoutFailure || pollingTimedOut(error))
    return {
      step,
      type: 'Stuck',
      code: 'Stuck',
      message: `${root instanceof ApplicationFailure ? root.message : 'An operation'}: timed out.`,
      remedy: 'Check the resource in the Azure portal. When its operation has ended, POST the environment again.',
      correlationId: null,
    };
  if (root instanceof ApplicationFailure) {
    const detail = root.details?.[0] as Partial<Failure> | undefined;
    const type = isFailureType(root.type) ? root.type : 'Unknown';
    return {
      step: detail?.step ?? step,
      type,
      code: detail?.code ?? type,
      message: detail?.message ?? root.message,
      remedy: detail?.remedy ?? '',
      correlationId: detail?.correlationId ?? null,
    };
  }
  return {
    step,
    type: 'Unknown',
    code: 'Unknown',
    message: String(root instanceof Error ? root.message : root),
    remedy: retryByPost,
    correlationId: null,
  };
}

/** A failure that ends the run: Temporal does not retry it, and it carries the whole `Failure`. */
export function runFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.type,
    nonRetryable: true,
    details: [failure],
  });
}

/** A failure that the workflow itself detects. */
export const runFailureOf = (type: FailureType, message: string, remedy: string): ApplicationFailure =>
  runFailure({ step: null, type, code: type, message, remedy, correlationId: null } satisfies FailureDetail & {
    step: null;
  });

/** The retry hint in the second detail of an activity's failure; undefined where the operation must not be repeated. */
export function retryHint(error: unknown): { afterMs: number; blockedByOperation: boolean } | undefined {
  const root = rootOf(error);
  const hint =
    root instanceof ApplicationFailure
      ? (root.details?.[1] as { retry?: boolean; afterMs?: number; blockedByOperation?: boolean } | undefined)
      : undefined;
  return hint?.retry ? { afterMs: hint.afterMs ?? 0, blockedByOperation: hint.blockedByOperation ?? false } : undefined;
}
