import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Azure } from '../../azure/connectAzure.ts';
import type { ArmError } from '../../azure/armErrors.ts';
import type { FailureDetail, FailureType } from '../../domain/failures.ts';
import { classify } from './classify.ts';
import type { Classification } from './failureRows.ts';
import { retryByPost } from '../../domain/remedies.ts';

/** Second detail of a failed operation's failure: the PUT is to be sent again after this time. */
export interface RetryHint {
  retry: true;
  /** milliseconds */
  afterMs: number;
  /** another operation was in the way: that is waited for, and counts as no try */
  waits?: true;
}

/** Temporal's server keeps nothing of a pending activity's failure above 4 KiB; the message is in it twice. */
const messageBytes = 800;
const benign: readonly FailureType[] = ['InProgress', 'Throttled', 'Busy'];
/** Tries before a failure is final; the types that are not here are never counted. */
const budgets: Partial<Record<FailureType, number>> = {
  Transient: 10,
  Capacity: 10,
  NotYetConsistent: 60,
  Unknown: 20,
};
/** Seconds between tries, where Azure names none. The others follow the caller's retry policy. */
const waits: Partial<Record<FailureType, number>> = {
  Throttled: 15,
  Busy: 15,
  NotYetConsistent: 5,
  Unknown: 15,
};

interface Build {
  detail: FailureDetail;
  nonRetryable: boolean;
  delayMs?: number;
  again?: RetryHint;
}

/** Short enough for a history, and without the signatures that ARM's status URLs carry. */
const told = (message: string): string =>
  Buffer.from(message.replaceAll(/(https:\/\/[^\s?'"]+)\?[^\s'"]+/g, '$1'))
    .subarray(0, messageBytes)
    .toString('utf8');

function build({ detail, nonRetryable, delayMs, again }: Build): ApplicationFailure {
  const message = told(detail.message);
  const first = { ...detail, message };
  const failure = ApplicationFailure.create({
    message,
    type: detail.type,
    nonRetryable,
    details: again ? [first, again] : [first],
    ...(delayMs === undefined || nonRetryable ? {} : { nextRetryDelay: delayMs }),
    ...(benign.includes(detail.type) ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
  // It would tell where this file is, and take the room that the message needs.
  failure.stack = '';
  return failure;
}

/** Azure is still at it: look again after `afterMs`. */
export const inProgress = (message: string, afterMs: number): ApplicationFailure =>
  build({
    detail: { type: 'InProgress', code: 'InProgress', message, remedy: '', correlationId: null },
    nonRetryable: false,
    delayMs: afterMs,
  });

/** A refusal of Moat's own, final. */
export const nonRetryable = (type: FailureType, message: string, remedy: string, code: string = type): ApplicationFailure =>
  build({ detail: { type, code, message, remedy, correlationId: null }, nonRetryable: true });

/** Azure has been at it, or busy, for longer than any such operation takes: looking again is given up. */
export const stuck = (failure: ApplicationFailure, minutes: number): ApplicationFailure =>
  nonRetryable(
    'Stuck',
    `${failure.message}; not over within ${minutes} minutes of Azure’s time`,
    'look at the resource in the Azure portal (Activity log), cancel or delete it there, then POST the environment again',
  );

/** Not yet as it must be, though nothing has failed: to be looked at again after `afterMs`. */
export const retryLater = (type: FailureType, message: string, remedy: string, afterMs: number): ApplicationFailure =>
  build({
    detail: { type, code: type, message, remedy: remedy || retryByPost, correlationId: null },
    nonRetryable: false,
    delayMs: afterMs,
  });

/** A resource that was found Failed, without its operation: what went wrong shows when the PUT is sent again. */
export const provisioningFailed = (message: string, afterMs: number): ApplicationFailure =>
  build({
    detail: { type: 'Unknown', code: 'ProvisioningFailed', message, remedy: retryByPost, correlationId: null },
    nonRetryable: true,
    again: { retry: true, afterMs },
  });

/** A command that ended without doing what was asked. Final for the look; one that may be sent again as it is says so. */
export const commandFailed = (
  { type, message, remedy, retryable }: { type: FailureType; message: string; remedy: string; retryable: boolean },
  afterMs: number,
): ApplicationFailure =>
  build({
    detail: { type, code: type, message, remedy: remedy || retryByPost, correlationId: null },
    nonRetryable: true,
    ...(retryable ? { again: { retry: true, afterMs } } : {}),
  });

const detailOf = (error: ArmError, { type, remedy }: Classification): FailureDetail => ({
  type,
  code: error.code,
  message: [error.message, ...error.details.map((one) => one.message)].filter(Boolean).join(' '),
  remedy,
  correlationId: error.correlationId,
});

const slowSeconds = 60;

const delayOf = (azure: Azure, error: ArmError, { type, action }: Classification): number | undefined => {
  const seconds = action === 'slow' ? slowSeconds : waits[type];
  return error.retryAfterMs ?? (seconds === undefined ? undefined : azure.delayMs(seconds));
};

/** A long operation that ended Failed. It is final for the look; the table says whether the PUT is to be sent again. */
export function operationFailure(azure: Azure, error: ArmError): ApplicationFailure {
  const verdict = classify(error);
  const afterMs = delayOf(azure, error, verdict) ?? azure.delayMs(15);
  return build({
    detail: detailOf(error, verdict),
    nonRetryable: true,
    ...(verdict.action === 'giveUp'
      ? {}
      : { again: { retry: true, afterMs, ...(verdict.action === 'wait' && { waits: true as const }) } }),
  });
}

/** A request that ARM refused or did not answer. */
export function requestFailure(azure: Azure, error: ArmError): ApplicationFailure {
  const verdict = classify(error);
  const delayMs = delayOf(azure, error, verdict);
  return build({
    detail: detailOf(error, verdict),
    nonRetryable: verdict.action === 'giveUp',
    ...(delayMs === undefined ? {} : { delayMs }),
  });
}

/** Milliseconds of quiet that trouble inside Azure is given after so many tries. */
const troubleMs = (tries: number): number => Math.min(30_000, 1_000 * 2 ** tries);

/** How many tries have failed with each type. */
export type AttemptCounts = Partial<Record<FailureType, number>>;

/**
 * The same failure, final where its type has used up its tries. Temporal's own backoff counts every look at a running operation, so
 * the wait after `Transient` follows from the tries that counted.
 */
export function applyAttemptBudget(failure: ApplicationFailure, before: AttemptCounts): ApplicationFailure {
  if (failure.nonRetryable) return failure;
  const type = failure.type as FailureType;
  const tries = before[type] ?? 0;
  const same = { message: failure.message, type, details: failure.details ?? [] };
  if (tries + 1 >= (budgets[type] ?? Infinity)) return ApplicationFailure.create({ ...same, nonRetryable: true });
  if (type !== 'Transient' || failure.nextRetryDelay) return failure;
  return ApplicationFailure.create({ ...same, nextRetryDelay: troubleMs(tries) });
}

/** The tries with this one: throttling and a locked target never count, and a look that got through starts anew. */
export function nextAttempts(failure: ApplicationFailure, before: AttemptCounts): AttemptCounts {
  const type = failure.type as FailureType;
  if (type === 'InProgress') return {};
  return benign.includes(type) ? before : { ...before, [type]: (before[type] ?? 0) + 1 };
}
