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

/** Temporal gave up looking again at what Azure was still at, or busy with. */
function ranOut(error: unknown): boolean {
  if (error instanceof ChildWorkflowFailure) return ranOut(error.cause);
  if (!(error instanceof ActivityFailure) || error.retryState !== 'TIMEOUT') return false;
  return error.cause instanceof ApplicationFailure && ['InProgress', 'Busy'].includes(error.cause.type ?? '');
}

/** A try that fails after its cancellation was asked for is not made again: the activity was cancelled, whatever that try met. */
export const unwrapCancellation = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED'
    ? new CancelledFailure('cancelled between two tries')
    : error;

/** What a failed activity or run says of itself, as the environment shows it. */
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
  if (root instanceof TimeoutFailure || ranOut(error))
    return {
      step,
      type: 'Stuck',
      code: 'Stuck',
      message: `${root instanceof ApplicationFailure ? root.message : 'An operation'}: not over in time.`,
      remedy: 'Look at the resource in the Azure portal; when its operation has ended, POST the environment again.',
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

/** A failure that ends the run: never retried by Temporal, and told in full. */
export function runFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.type,
    nonRetryable: true,
    details: [failure],
  });
}

/** A failure that the sequence itself finds. */
export const runFailureOf = (type: FailureType, message: string, remedy: string): ApplicationFailure =>
  runFailure({ step: null, type, code: type, message, remedy, correlationId: null } satisfies FailureDetail & {
    step: null;
  });

/** Activities tell by their second detail that the operation is worth another try, and when. */
export function retryHint(error: unknown): { afterMs: number; waits: boolean } | undefined {
  const root = rootOf(error);
  const hint =
    root instanceof ApplicationFailure
      ? (root.details?.[1] as { retry?: boolean; afterMs?: number; waits?: boolean } | undefined)
      : undefined;
  return hint?.retry ? { afterMs: hint.afterMs ?? 0, waits: hint.waits ?? false } : undefined;
}
