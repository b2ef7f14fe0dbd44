import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Azure } from '../../azure/connectAzure.ts';
import type { ArmError } from '../../azure/parseArmError.ts';
import type { FailureDetail, FailureType } from '../../domain/failures.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { classify } from './classify.ts';
import type { Classification } from './failureRows.ts';

/** Second detail of a failure: the workflow repeats the request after this time. */
export interface RetryHint {
  retry: true;
  /** milliseconds */
  afterMs: number;
  /** another operation was in progress on the resource: the failed attempt does not count */
  blockedByOperation?: true;
}

/** Temporal's server drops the failure of a pending activity above 4 KiB; the failure contains the message twice. */
const messageBytes = 800;
const benignTypes: readonly FailureType[] = ['InProgress', 'Throttled', 'Busy'];
/** Seconds between attempts, where Azure names none. Other types follow the caller's retry policy. */
const delaySeconds: Partial<Record<FailureType, number>> = {
  Throttled: 15,
  Busy: 15,
  NotYetConsistent: 5,
  Unknown: 15,
};

interface FailureOptions {
  detail: FailureDetail;
  nonRetryable: boolean;
  delayMs?: number;
  retryHint?: RetryHint;
}

/** Short enough for a history, and without the signatures in ARM's status URLs. */
const redacted = (message: string): string =>
  Buffer.from(message.replaceAll(/(https:\/\/[^\s?'"]+)\?[^\s'"]+/g, '$1'))
    .subarray(0, messageBytes)
    .toString('utf8');

/** Creates every failure of an activity. */
function createFailure({ detail, nonRetryable, delayMs, retryHint }: FailureOptions): ApplicationFailure {
  const message = redacted(detail.message);
  const shortDetail = { ...detail, message };
  const failure = ApplicationFailure.create({
    message,
    type: detail.type,
    nonRetryable,
    details: retryHint ? [shortDetail, retryHint] : [shortDetail],
    ...(delayMs === undefined || nonRetryable ? {} : { nextRetryDelay: delayMs }),
    ...(benignTypes.includes(detail.type) ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
  // A stack trace would reveal paths of this machine and use up the space for the message.
  failure.stack = '';
  return failure;
}

type Described = Pick<FailureDetail, 'type' | 'message'> & Partial<FailureDetail>;

const detailOf = ({ type, message, code = type, remedy = '', correlationId = null }: Described): FailureDetail => ({
  type,
  code,
  message,
  remedy,
  correlationId,
});

/** Azure's operation is still running: poll after `afterMs`. */
export const inProgress = (message: string, afterMs: number): ApplicationFailure =>
  createFailure({ detail: detailOf({ type: 'InProgress', message }), nonRetryable: false, delayMs: afterMs });

/** A final failure that Moat itself detects. */
export const nonRetryable = (described: Described): ApplicationFailure =>
  createFailure({ detail: detailOf(described), nonRetryable: true });

/** A resource that was just created is not yet visible everywhere: Temporal retries the activity after `afterMs`. */
export const retryLater = (message: string, afterMs: number, remedy = retryByPost): ApplicationFailure =>
  createFailure({
    detail: detailOf({ type: 'NotYetConsistent', message, remedy }),
    nonRetryable: false,
    delayMs: afterMs,
  });

/** A service other than ARM failed: Temporal retries the activity by its retry policy. */
export const transientFailure = (thrown: unknown): ApplicationFailure =>
  createFailure({
    detail: detailOf({ type: 'Transient', message: thrown instanceof Error ? thrown.message : String(thrown) }),
    nonRetryable: false,
  });

/** An operation of Azure exceeded its timeout: polling ends. */
export const stuck = (failure: ApplicationFailure, minutes: number, correlationId: string): ApplicationFailure =>
  nonRetryable({
    type: 'Stuck',
    message: `${failure.message}; not finished within ${minutes} minutes of Azure’s time`,
    remedy: `az monitor activity-log list --correlation-id ${correlationId} --output table shows Azure's log; cancel or delete the resource in the Azure portal, then ${retryByPost}`,
    correlationId,
  });

/** The failure of a poll, with the time since when it only waits (ms since the epoch). */
export function waitingSince(failure: ApplicationFailure, since: number): ApplicationFailure {
  const [detail, ...rest] = (failure.details ?? []) as [FailureDetail, ...unknown[]];
  const message = `${failure.message}, since ${new Date(since).toISOString().slice(0, 19)}Z`;
  const same = { type: failure.type!, message, details: [{ ...detail, message }, ...rest] };
  const { nextRetryDelay, category } = failure;
  const changed = ApplicationFailure.create({
    ...same,
    ...(nextRetryDelay === undefined || nextRetryDelay === null ? {} : { nextRetryDelay }),
    ...(category ? { category } : {}),
  });
  changed.stack = '';
  return changed;
}

/** A resource is Failed and its operation is unknown: a repeated PUT shows the reason. */
export const provisioningFailed = (message: string, afterMs: number): ApplicationFailure =>
  createFailure({
    detail: detailOf({ type: 'Unknown', code: 'ProvisioningFailed', message, remedy: retryByPost }),
    nonRetryable: true,
    retryHint: { retry: true, afterMs },
  });

/** A jumpbox command failed. Final for the polling activity; the workflow repeats a retryable command. */
export const commandFailed = (
  { type, message, remedy, retryable }: { type: FailureType; message: string; remedy: string; retryable: boolean },
  afterMs: number,
): ApplicationFailure =>
  createFailure({
    detail: detailOf({ type, message, remedy: remedy || retryByPost }),
    nonRetryable: true,
    ...(retryable ? { retryHint: { retry: true, afterMs } } : {}),
  });

const armDetail = (error: ArmError, { type, remedy }: Classification): FailureDetail => ({
  type,
  code: error.code,
  message: [error.message, ...error.details.map((one) => one.message)].filter(Boolean).join(' '),
  remedy,
  correlationId: error.correlationId,
});

const slowSeconds = 60;

const delayOf = (azure: Azure, error: ArmError, { type, action }: Classification): number | undefined => {
  const seconds = action === 'slow' ? slowSeconds : delaySeconds[type];
  return error.retryAfterMs ?? (seconds === undefined ? undefined : azure.delayMs(seconds));
};

/**
 * A long operation ended Failed. Final for the polling activity; the table determines whether the workflow repeats the PUT. `unexplained`:
 * remedy for a failure inside Azure, for which the table has none of its own.
 */
export function operationFailure(azure: Azure, error: ArmError, unexplained?: string): ApplicationFailure {
  const found = classify(error);
  const classification = found.type === 'Transient' && unexplained ? { ...found, remedy: unexplained } : found;
  const { action } = classification;
  const afterMs = delayOf(azure, error, classification) ?? azure.delayMs(15);
  return createFailure({
    detail: armDetail(error, classification),
    nonRetryable: true,
    ...(action === 'giveUp'
      ? {}
      : { retryHint: { retry: true, afterMs, ...(action === 'wait' && { blockedByOperation: true as const }) } }),
  });
}

/** A request that ARM refused or did not answer. */
export function requestFailure(azure: Azure, error: ArmError): ApplicationFailure {
  const classification = classify(error);
  const delayMs = delayOf(azure, error, classification);
  return createFailure({
    detail: armDetail(error, classification),
    nonRetryable: classification.action === 'giveUp',
    ...(delayMs === undefined ? {} : { delayMs }),
  });
}

/** The same failure, final, or retried after a delay of the caller's choice. */
export function withRetry(failure: ApplicationFailure, retry: { nextRetryDelay: number } | null): ApplicationFailure {
  const same = { message: failure.message, type: failure.type!, details: failure.details ?? [] };
  const changed = ApplicationFailure.create({ ...same, ...(retry ?? { nonRetryable: true }) });
  changed.stack = '';
  return changed;
}

export const isBenign = (type: FailureType): boolean => benignTypes.includes(type);
