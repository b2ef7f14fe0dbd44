import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Azure } from '../../azure/connectAzure.ts';
import type { ArmError } from '../../azure/parseArmError.ts';
import type { FailureCause, FailureDetail, FailureType } from '../../domain/failures.ts';
import { fillIn, retryByPost } from '../../domain/remedies.ts';
import { classify } from './classify.ts';
import type { AttemptLimit, Classification } from './failureRows/row.ts';
import { firstAndLast, redactSecrets } from './failureText.ts';

/** Second detail of a failure: the workflow repeats the request after this time. */
export interface RetryHint {
  retry: true;
  /** milliseconds */
  afterMs: number;
  /** another operation was in progress on the resource: the failed attempt does not count */
  blockedByOperation?: true;
  /** in place of the usual number of attempts */
  limit?: AttemptLimit;
}

/** The first detail of an activity's failure. What it has beyond a FailureDetail stays inside Moat. */
export interface ActivityFailureDetail extends FailureDetail {
  /** the resources that ARM names as the cause, a few at most */
  causes?: FailureCause[];
  limit?: AttemptLimit;
  /** the last lines of a container's log, of final failures */
  log?: string;
  /** how often the operation was tried, where more than once */
  attempts?: number;
}

/** Temporal's server drops the failure of a pending activity above 4 KiB; the failure contains the message twice. */
const messageBytes = 800;
const remedyBytes = 700;
const logBytes = 2000;
const maximumCauses = 3;
const causeBytes = 200;
const benignTypes: readonly FailureType[] = ['InProgress', 'Throttled', 'Busy'];
/** Seconds between attempts, where Azure names none. Other types follow the caller's retry policy. */
const delaySeconds: Partial<Record<FailureType, number>> = {
  Throttled: 15,
  Busy: 15,
  NotYetConsistent: 5,
  Unknown: 15,
};

interface FailureOptions {
  detail: ActivityFailureDetail;
  nonRetryable: boolean;
  delayMs?: number;
  retryHint?: RetryHint;
}

/** Short enough for a history, and without secrets. Text beyond that is not searched for them, so that a message of megabytes costs little. */
const brief = (text: string, bytes: number): string =>
  firstAndLast(redactSecrets(firstAndLast(text, 20 * bytes)), bytes);

/** Creates every failure of an activity. */
function createFailure({ detail, nonRetryable, delayMs, retryHint }: FailureOptions): ApplicationFailure {
  const message = brief(detail.message, messageBytes);
  const shortDetail = { ...detail, message, remedy: firstAndLast(detail.remedy, remedyBytes) };
  // only the teardown reads them, from final failures
  if (!nonRetryable) delete shortDetail.causes;
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

/** An operation of Azure exceeded its timeout: polling ends. `id` is the resource's, where one is known. */
export const stuck = (
  failure: ApplicationFailure,
  minutes: number,
  { id, correlationId }: { id: string | null; correlationId: string | null },
): ApplicationFailure =>
  nonRetryable({
    type: 'Stuck',
    message: `${failure.message}; not finished within ${minutes} minutes of Azure’s time`,
    remedy: fillIn(
      `az resource show --ids <id> --query properties.provisioningState --output tsv shows the state; az resource delete --ids <id> deletes the resource where it does not change; then ${retryByPost}`,
      { id },
    ),
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

/** The same `InProgress` failure, polled not before `leastMs`. */
export function inProgressAfter(failure: ApplicationFailure, leastMs: number): ApplicationFailure {
  const nextRetryDelay = Math.round(Math.max(Number(failure.nextRetryDelay ?? 0), leastMs));
  const { message, category } = failure;
  const details = failure.details ?? [];
  const same = { message, type: failure.type!, details, nextRetryDelay };
  const changed = ApplicationFailure.create({ ...same, ...(category ? { category } : {}) });
  changed.stack = '';
  return changed;
}

/** A final failure with the number of attempts before it; any other failure unchanged. */
export function withAttempts(failure: ApplicationFailure, attempts: number): ApplicationFailure {
  if (!failure.nonRetryable || attempts < 2) return failure;
  const [detail, ...others] = (failure.details ?? []) as [ActivityFailureDetail, ...unknown[]];
  const same = { message: failure.message, type: failure.type!, nonRetryable: true };
  const changed = ApplicationFailure.create({ ...same, details: [{ ...detail, attempts }, ...others] });
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

interface CommandFailure {
  type: FailureType;
  message: string;
  remedy: string;
  retryable: boolean;
  log?: string | undefined;
}

/** Azure could not do what was requested, for a reason that may pass: the activity requests it again after `afterMs`. */
export const failedInAzure = (described: Described, afterMs: number, limit?: AttemptLimit): ApplicationFailure =>
  createFailure({
    detail: { ...detailOf(described), ...(limit && { limit }) },
    nonRetryable: true,
    retryHint: { retry: true, afterMs, ...(limit && { limit }) },
  });

/** A jumpbox command failed. Final for the polling activity; the workflow repeats a retryable command. */
export const commandFailed = (
  { type, message, remedy, retryable, log }: CommandFailure,
  afterMs: number,
): ApplicationFailure =>
  createFailure({
    detail: {
      ...detailOf({ type, message, remedy: remedy || retryByPost }),
      ...(log !== undefined && { log: brief(log, logBytes) }),
    },
    nonRetryable: true,
    ...(retryable ? { retryHint: { retry: true, afterMs } } : {}),
  });

const armDetail = (
  error: ArmError,
  { type, code, remedy, limit }: ReturnType<typeof classify>,
): ActivityFailureDetail => {
  const causes = causesOf(error);
  return {
    type,
    code,
    message: [...new Set([error.message, ...error.details.map((one) => one.message)])].filter(Boolean).join(' '),
    remedy,
    correlationId: error.correlationId,
    ...(causes.length > 0 && { causes }),
    ...(limit && { limit }),
  };
};

/** The resources that the error names, each with the innermost error about it. */
function causesOf({ details }: ArmError): FailureCause[] {
  const causes = new Map<string, FailureCause>();
  for (const { target, code, message } of details)
    if (target?.startsWith('/') && (code !== '' || message !== ''))
      causes.set(target.toLowerCase(), { resource: target, code, message: brief(message, causeBytes) });
  return [...causes.values()].slice(0, maximumCauses);
}

/** Between attempts that wait for capacity or for role assignments. */
const slowSeconds = 60;

const delayOf = (azure: Azure, error: ArmError, { type, action }: Classification): number | undefined => {
  const seconds = action === 'slow' ? slowSeconds : delaySeconds[type];
  return error.retryAfterMs ?? (seconds === undefined ? undefined : azure.delayMs(seconds));
};

/**
 * A long operation ended Failed. Final for the polling activity; the table determines whether the workflow repeats the PUT. `requested` is
 * the id of the resource; `unexplained` the remedy for a failure inside Azure, for which the table has none of its own.
 */
export function operationFailure(
  azure: Azure,
  error: ArmError,
  requested: string | null = null,
  unexplained?: string,
): ApplicationFailure {
  const found = classify(error, requested);
  const classification = found.type === 'Transient' && unexplained ? { ...found, remedy: unexplained } : found;
  const { action, limit } = classification;
  const afterMs = delayOf(azure, error, classification) ?? azure.delayMs(15);
  const retryHint: RetryHint = {
    retry: true,
    afterMs,
    ...(action === 'wait' && { blockedByOperation: true as const }),
    ...(limit && { limit }),
  };
  return createFailure({
    detail: armDetail(error, classification),
    nonRetryable: true,
    ...(action === 'giveUp' ? {} : { retryHint }),
  });
}

/** A request that ARM refused or did not answer. */
export function requestFailure(azure: Azure, error: ArmError, requested: string | null = null): ApplicationFailure {
  const classification = classify(error, requested);
  const delayMs = delayOf(azure, error, classification);
  return createFailure({
    detail: armDetail(error, classification),
    nonRetryable: classification.action === 'giveUp',
    ...(delayMs === undefined ? {} : { delayMs }),
  });
}

/** The same failure, retried after a delay of the caller's choice; or final, with the type that its limit on attempts names. */
export function withRetry(failure: ApplicationFailure, retry: { nextRetryDelay: number } | null): ApplicationFailure {
  const [detail, ...others] = (failure.details ?? []) as [ActivityFailureDetail, ...unknown[]];
  const type = (retry === null ? detail?.limit?.type : undefined) ?? (failure.type as FailureType);
  // a pending failure has less space, and nothing reads its hint or causes
  const { causes: _, ...brief } = detail;
  const details = retry === null ? [{ ...detail, type }, ...others] : [{ ...brief, type }];
  const same = { message: failure.message, type, details };
  const changed = ApplicationFailure.create({ ...same, ...(retry ?? { nonRetryable: true }) });
  changed.stack = '';
  return changed;
}

export const isBenign = (type: FailureType): boolean => benignTypes.includes(type);
