import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { RunEvidence } from '../domain/environment.ts';
import type { Failure, FailureCause, FailureType } from '../domain/failures.ts';
import { failureTypes, newFailure } from '../domain/failures.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { Finding } from '../domain/preflightReport.ts';
import { environmentValues, fillIn, retryByPost } from '../domain/remedies.ts';
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

/**
 * The failure of an activity or run, as the environment shows it. With `ref`, names of the environment's resources are filled into its
 * remedy.
 */
export function failureOf(error: unknown, step: StepId | null, ref?: EnvironmentRef): Failure {
  const failure = describe(error, step);
  const { remedy, correlationId } = failure;
  return { ...failure, remedy: fillIn(remedy, { ...(ref && environmentValues(ref)), correlationId }) };
}

function describe(error: unknown, step: StepId | null): Failure {
  // Temporal does not repeat an attempt whose cancellation was requested, also where it ended with its worker: that is no timeout.
  if (isCancellation(unwrapCancellation(error)))
    return newFailure({ step, type: 'Cancelled', message: 'The run was cancelled.' });
  const root = rootOf(error);
  if (root instanceof TimeoutFailure || pollingTimedOut(error))
    return newFailure({
      step,
      type: 'Stuck',
      message: `${root instanceof ApplicationFailure ? root.message : 'An operation'}: timed out.`,
      remedy: `az resource list --resource-group <group> --query "[?provisioningState!='Succeeded'].id" lists the resources in progress. When they are Succeeded, ${retryByPost}`,
    });
  if (root instanceof ApplicationFailure) return ofApplicationFailure(root, step);
  const message = String(root instanceof Error ? root.message : root);
  return newFailure({ step, type: 'Unknown', message, remedy: retryByPost });
}

function ofApplicationFailure(root: ApplicationFailure, step: StepId | null): Failure {
  const detail = root.details?.[0] as Partial<Failure> | undefined;
  const type = isFailureType(root.type) ? root.type : 'Unknown';
  return newFailure({
    step: detail?.step ?? step,
    type,
    code: detail?.code ?? type,
    message: detail?.message ?? root.message,
    remedy: detail?.remedy ?? '',
    correlationId: detail?.correlationId ?? null,
    log: detail?.log ?? null,
  });
}

/** The resources that ARM names as the cause of an activity's failure; empty where it names none. */
export function causesOf(error: unknown): FailureCause[] {
  const root = rootOf(error);
  const detail = root instanceof ApplicationFailure ? root.details?.[0] : undefined;
  return (detail as { causes?: FailureCause[] } | undefined)?.causes ?? [];
}

/** How often the operation of a failed activity was tried, where more than once. */
export function attemptsOf(error: unknown): number | undefined {
  const root = rootOf(error);
  const detail = root instanceof ApplicationFailure ? root.details?.[0] : undefined;
  return (detail as { attempts?: number } | undefined)?.attempts;
}

/** A failure that ends the run: Temporal does not retry it, and it carries the whole `Failure`, and the evidence for the receipt. */
export function runFailure(failure: Failure, evidence: RunEvidence | null = null): ApplicationFailure {
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.type,
    nonRetryable: true,
    details: evidence ? [failure, evidence] : [failure],
  });
}

/** The evidence that a run's failure carries; null where it has none. */
export function evidenceIn(error: unknown): RunEvidence | null {
  const root = rootOf(error);
  const detail = root instanceof ApplicationFailure ? root.details?.[1] : undefined;
  const { findings, proof } = (detail as RunEvidence | undefined) ?? {};
  return findings || proof ? { ...(findings && { findings }), ...(proof && { proof }) } : null;
}

/** The failure of a run, with the findings of its preflight added. A cancellation is returned as it is: it carries nothing. */
export const withFindings = (error: unknown, findings: Finding[]): unknown =>
  isCancellation(error) ? error : runFailure(failureOf(error, null), { ...evidenceIn(error), findings });

/** A failure that the workflow itself detects. */
export const runFailureOf = (type: FailureType, message: string, remedy: string): ApplicationFailure =>
  runFailure(newFailure({ type, message, remedy }));

/** Second detail of an activity's failure whose operation may be repeated. */
interface RetryHint {
  /** milliseconds */
  afterMs: number;
}

/** The retry hint in an activity's failure; undefined where the operation must not be repeated. */
export function retryHint(error: unknown): RetryHint | undefined {
  const root = rootOf(error);
  const hint =
    root instanceof ApplicationFailure
      ? (root.details?.[1] as ({ retry?: boolean } & Partial<RetryHint>) | undefined)
      : undefined;
  if (!hint?.retry) return undefined;
  return { afterMs: hint.afterMs ?? 0 };
}
