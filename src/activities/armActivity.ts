import { ApplicationFailure } from '@temporalio/common';
import type { Azure } from '../azure/connectAzure.ts';
import type { RequestContext } from '../azure/requestContext.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { ResourceKey } from '../domain/resourceKeys.ts';
import { secondsToNextPoll } from '../domain/pollSchedule.ts';
import { plannedResource } from '../domain/resources.ts';
import type { ActivityDeps } from './deps.ts';
import { inProgressAfter, operationFailure, requestFailure, stuck, waitingSince } from './errors/activityFailures.ts';
import { applyAttemptBudget, nextAttempts } from './errors/attemptBudget.ts';
import type { AttemptCounts } from './errors/attemptBudget.ts';
import { withHeartbeat } from './withHeartbeat.ts';

/** Heartbeat details, which each attempt passes to the next, and which Temporal's server shows with a pending activity. */
export interface ArmDetails {
  /** attempts with failures that count */
  attempts: AttemptCounts;
  /** time of the first `InProgress` or `Busy` failure, in ms since the epoch */
  busySince?: number;
  /** when the next attempt is due, in ms since the epoch */
  dueAt?: number;
  /** ms by which attempts were later than due, altogether */
  lateMs?: number;
  /** attempts that sent, or would have sent, the request; polls and waits are not among them */
  tried?: number;
}

/** Minimum before an operation counts as stuck, however fast an emulator's clock runs. */
const shortestTimeoutMs = 60_000;

/**
 * An activity that calls ARM. When an operation is in progress, or a resource busy, for more than `timeoutMinutes` of Azure's time, it
 * fails finally with `Stuck`. From the second poll on, the failure says since when. Other failures are final once their attempts are used up.
 */
export function armActivity<Input, Output>(
  deps: ActivityDeps,
  work: (deps: ActivityDeps, input: Input) => Promise<Output>,
  timeoutMinutes?: (input: Input) => number,
): (input: Input) => Promise<Output> {
  const { azure } = deps;
  const initialDetails: ArmDetails = { attempts: {} };
  return withHeartbeat(
    {
      initialDetails,
      shortWaits: deps.shortWaits,
      onFailure: (thrown, before: ArmDetails, input: Input, context) =>
        armFailure(azure, thrown, before, input, { ...context, minutes: timeoutMinutes?.(input) ?? Infinity }),
    },
    (input: Input, context) => azure.withRequestContext(context, () => work(deps, input)),
  );
}

interface Limits extends Pick<RequestContext, 'correlationId'> {
  /** of Azure's time, before a running operation counts as stuck */
  minutes: number;
  /** of Azure's time, before which the operation usually does not end; default: 0 */
  usualMinSeconds?: number;
}

/** The failure of an attempt, and the heartbeat details for the next one. */
export function armFailure<Details extends ArmDetails>(
  azure: Azure,
  thrown: unknown,
  before: Details,
  input: unknown,
  { minutes, correlationId, usualMinSeconds = 0 }: Limits,
): { failure: ApplicationFailure; details: Details } {
  const id = requestedId(input);
  const failure = applyAttemptBudget(toFailure(azure, thrown, id), before.attempts);
  const attempts = nextAttempts(failure, before.attempts);
  const { type, nonRetryable } = failure;
  if (nonRetryable || (type !== 'InProgress' && type !== 'Busy'))
    return { failure, details: { ...before, attempts, tried: (before.tried ?? 0) + 1 } };
  const now = Date.now();
  const { busySince, dueAt = now } = before;
  const lateMs = (before.lateMs ?? 0) + Math.max(0, now - dueAt);
  const ended =
    busySince === undefined
      ? failure
      : busyFailure(azure, failure, {
          busySince,
          waitedMs: now - busySince - lateMs,
          minutes,
          usualMinSeconds,
          id,
          correlationId,
        });
  const nextAt = now + Number(ended.nextRetryDelay ?? 0);
  return { failure: ended, details: { ...before, attempts, busySince: busySince ?? now, lateMs, dueAt: nextAt } };
}

interface Busy extends Required<Limits> {
  busySince: number;
  /** without the time by which attempts were late, because workers were busy or stopped */
  waitedMs: number;
  id: string | null;
}

/** The failure of a poll or of a refused request, when it is not the first one: `Stuck` after too long. */
function busyFailure(
  azure: Azure,
  failure: ApplicationFailure,
  { busySince, waitedMs, minutes, usualMinSeconds, id, correlationId }: Busy,
): ApplicationFailure {
  if (waitedMs > Math.max(shortestTimeoutMs, azure.delayMs(60 * minutes)))
    return stuck(failure, minutes, { id, correlationId });
  const waiting = waitingSince(failure, busySince);
  if (failure.type !== 'InProgress') return waiting;
  const retryAfterMs = Number(failure.nextRetryDelay ?? 0);
  return inProgressAfter(waiting, msToNextPoll(azure, { ranMs: waitedMs, retryAfterMs, usualMinSeconds }));
}

/** Milliseconds until the next poll of a running operation; see `secondsToNextPoll`. */
export function msToNextPoll(
  azure: Azure,
  { ranMs, retryAfterMs, usualMinSeconds }: { ranMs: number; retryAfterMs: number; usualMinSeconds: number },
): number {
  const secondMs = azure.delayMs(1000) / 1000;
  const [ranSeconds, retryAfterSeconds] = [ranMs / secondMs, retryAfterMs / secondMs];
  return Math.round(secondMs * secondsToNextPoll({ ranSeconds, retryAfterSeconds, usualMinSeconds }));
}

/** What an attempt threw, as the failure that it ends with. */
export function toFailure(azure: Azure, thrown: unknown, requested: string | null): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error = azure.errorOf(thrown);
  return error.operation ? operationFailure(azure, error, requested) : requestFailure(azure, error, requested);
}

/** The id of the resource that an activity's input names: by its id, by its key in an environment, or the environment's group. */
export function requestedId(input: unknown): string | null {
  const { id, ref, key } = input as { id?: string; ref?: EnvironmentRef; key?: ResourceKey };
  if (id !== undefined) return id;
  if (ref === undefined) return null;
  return key === undefined ? groupId(ref) : plannedResource(ref, key).id;
}
