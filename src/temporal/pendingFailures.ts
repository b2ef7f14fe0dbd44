import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

/** An activity that failed and will be retried. */
export interface PendingFailure {
  activityId: string;
  /** a failure type */
  type: string;
  message: string;
  attempt: number;
  /** when it is retried, to the second, ISO 8601; null while an attempt is in progress */
  nextAttemptAt: string | null;
}

/** A failure's message; where payloads are encrypted it is among its encoded attributes. */
async function messageOf(
  { encodedAttributes, message }: temporal.api.failure.v1.IFailure,
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
): Promise<string> {
  if (!encodedAttributes) return message ?? '';
  let payloads = [encodedAttributes];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload<{ message?: string }>(payloads[0]!).message ?? '';
}

const millisecondsOf = (time: temporal.api.workflow.v1.IPendingActivityInfo['nextAttemptScheduleTime']): number =>
  1000 * Number(time?.seconds ?? 0) + (time?.nanos ?? 0) / 1e6;

/** When the next attempt of one of the activities is due, in ms since 1970; 0: an attempt is being made; null: there is no activity. */
export const nextAttemptOf = (activities: readonly temporal.api.workflow.v1.IPendingActivityInfo[]): number | null =>
  activities.length === 0
    ? null
    : Math.min(...activities.map(({ nextAttemptScheduleTime }) => millisecondsOf(nextAttemptScheduleTime)));

/** The activities of a run whose last attempt failed, with their messages, decrypted. Throws Unavailable when the key is missing. */
export async function pendingFailures(
  activities: readonly temporal.api.workflow.v1.IPendingActivityInfo[],
  converter: LoadedDataConverter,
): Promise<PendingFailure[]> {
  const all = activities.map(async ({ activityId, attempt, lastFailure, nextAttemptScheduleTime }) => {
    if (!lastFailure) return [];
    const next = Number(nextAttemptScheduleTime?.seconds ?? 0);
    const nextAttemptAt = next > 0 ? new Date(1000 * next).toISOString() : null;
    const type = lastFailure.applicationFailureInfo?.type ?? 'Unknown';
    const message = await messageOf(lastFailure, converter);
    return [{ activityId: activityId ?? '', type, message, attempt: attempt ?? 1, nextAttemptAt }];
  });
  return (await Promise.all(all)).flat();
}
