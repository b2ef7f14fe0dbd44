import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { ResourceProgress } from '../domain/progress.ts';

/** An activity that waits for Azure, or that failed and will be retried. */
export interface PendingFailure {
  activityId: string;
  /** a failure type */
  type: string;
  message: string;
  /** attempts of its request; polls are not counted */
  attempt: number;
  /** the resource whose operation it polls */
  resource: ResourceProgress | null;
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

/** What is read of the heartbeat details of an activity that calls ARM. */
interface Details {
  /** what the attempt in progress waits for */
  waiting?: string;
  tried?: number;
  busySince?: number;
  started?: { id: string; state: string };
}

const resourceOf = (
  { id, state }: { id: string; state: string },
  since: number,
  attempt: number,
): ResourceProgress => ({
  id,
  state,
  since: new Date(since).toISOString(),
  ...(attempt > 1 && { attempt }),
});

async function detailsOf(
  payloads: temporal.api.common.v1.IPayloads | null | undefined,
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
): Promise<Details> {
  let decoded = payloads?.payloads ?? [];
  if (decoded.length === 0) return {};
  for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
  return payloadConverter.fromPayload<Details>(decoded[0]!);
}

/** The activities of a run that wait for Azure, or whose last attempt failed, with their messages, decrypted. Throws Unavailable when the key is missing. */
export async function pendingFailures(
  activities: readonly temporal.api.workflow.v1.IPendingActivityInfo[],
  converter: LoadedDataConverter,
): Promise<PendingFailure[]> {
  const all = activities.map(async ({ activityId, lastFailure, nextAttemptScheduleTime, heartbeatDetails }) => {
    const { waiting, tried = 0, busySince, started } = await detailsOf(heartbeatDetails, converter);
    const failure = waiting === undefined ? lastFailure : undefined;
    if (waiting === undefined && !failure) return [];
    const next = Number(nextAttemptScheduleTime?.seconds ?? 0);
    const nextAttemptAt = next > 0 ? new Date(1000 * next).toISOString() : null;
    const type = failure ? (failure.applicationFailureInfo?.type ?? 'Unknown') : 'InProgress';
    const message = failure ? await messageOf(failure, converter) : waiting!;
    const attempt = started ? tried : tried + 1;
    const resource = started ? resourceOf(started, busySince ?? 0, attempt) : null;
    return [{ activityId: activityId ?? '', type, message, attempt, nextAttemptAt, resource }];
  });
  return (await Promise.all(all)).flat();
}
