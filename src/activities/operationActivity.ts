import type { ApplicationFailure } from '@temporalio/common';
import { armFailure, msToNextPoll, requestedId, toFailure } from './armActivity.ts';
import type { ArmDetails } from './armActivity.ts';
import type { ActivityDeps } from './deps.ts';
import { inProgress, withAttempts, withRetry } from './errors/activityFailures.ts';
import type { RetryHint } from './errors/activityFailures.ts';
import { withHeartbeat } from './withHeartbeat.ts';

/** A running operation, as an attempt passes it to the next one, possibly on another worker. It contains no body and no header of a request. */
export interface Started {
  /** the id of the resource that the operation is about */
  id: string;
  /** resume token; null: the resource itself is polled */
  token: string | null;
  /** ARM's provisioningState */
  state: string;
  /** milliseconds before the first poll */
  retryAfterMs: number;
}

/** What is polled. */
export interface ObserveInput {
  id: string;
  /** of the operation; null: the resource itself is polled */
  token: string | null;
  /** called when the operation has ended, although the resource may not have */
  onOperationEnd?: () => void;
}

/** The two halves of an activity that starts an operation of Azure and waits for its end. */
export interface OperationParts<Input, Result, Operation extends Started> {
  /** Sends the request. A second attempt must read first: the request of the first one may have been sent. `tried`: attempts so far. */
  begin(deps: ActivityDeps, input: Input, tried: number): Promise<{ started: Operation } | { result: Result }>;
  /** Polls once. Throws `InProgress` while the operation is running. `started` is kept for the next poll, with what this one changes in it. */
  poll(deps: ActivityDeps, input: Input, started: Operation, tried: number): Promise<Result>;
  label(input: Input): string;
  /** Minutes of Azure's time that a busy resource may refuse the request. */
  beginMinutes(input: Input): number;
  /** Minutes of Azure's time that the operation may take. */
  pollMinutes(input: Input): number;
  /** Seconds of Azure's time before which the operation usually does not end. Absent: not known. */
  usualMinSeconds?(input: Input): number;
  /** Whether an operation that ended Failed, with a `RetryHint`, is started again. Absent: always. */
  repeats?(input: Input, type: string): boolean;
}

interface OperationDetails<Operation> extends ArmDetails {
  started?: Operation;
  /** operations that ended Failed for a transient reason, and those that another operation had blocked */
  failed?: number;
  blocked?: number;
}

/** Operations that may end Failed for a transient reason; those that another operation blocked do not count. */
const maximumFailed = 5;
/** Operations that another one may block: at 15 seconds or more between them, half an hour. */
const maximumBlocked = 120;

/** Thrown by the attempt that started the operation. */
class OperationStarted<Operation extends Started> extends Error {
  readonly started: Operation;
  constructor(started: Operation) {
    super('started');
    this.started = started;
  }
}

/**
 * An activity whose first attempt starts an operation of Azure, and whose later attempts poll it. No attempt waits for long, so that no worker
 * holds a slot meanwhile, and attempts add no events to the history. The operation is passed on in the heartbeat details. Where a worker was
 * lost before it reported them, the next attempt reads before it writes. An operation that ended Failed is started again where its failure
 * has a `RetryHint`.
 */
export function operationActivity<Input, Result, Operation extends Started>(
  deps: ActivityDeps,
  parts: OperationParts<Input, Result, Operation>,
): (input: Input) => Promise<Result> {
  const { azure } = deps;
  type Details = OperationDetails<Operation>;
  const initialDetails: Details = { attempts: {} };
  const usualMinOf = (input: Input): number => parts.usualMinSeconds?.(input) ?? 0;

  async function work(input: Input, { started, tried = 0 }: Details): Promise<Result> {
    if (started) return parts.poll(deps, input, started, tried);
    const begun = await parts.begin(deps, input, tried + 1);
    if ('result' in begun) return begun.result;
    throw new OperationStarted(begun.started);
  }

  function onFailure(thrown: unknown, before: Details, input: Input, { correlationId }: { correlationId: string }) {
    const { started, tried = 0 } = before;
    if (thrown instanceof OperationStarted) {
      const operation = thrown.started as Operation;
      const { retryAfterMs } = operation;
      const waitMs = msToNextPoll(azure, { ranMs: 0, retryAfterMs, usualMinSeconds: usualMinOf(input) });
      const failure = inProgress(`${parts.label(input)}: ${operation.state}`, waitMs);
      const now = Date.now();
      const begun = { busySince: now, dueAt: now + waitMs, lateMs: 0, started: operation };
      const details = { ...before, attempts: {}, tried: tried + 1, ...begun };
      return { failure, details };
    }
    const failure = toFailure(azure, thrown, requestedId(input));
    const hint = failure.details?.[1] as RetryHint | undefined;
    const counted = { ...before, tried: started ? tried : tried + 1 };
    if (failure.nonRetryable && hint?.retry && (parts.repeats?.(input, failure.type!) ?? true))
      return repeated(failure, hint, counted);
    const minutes = (started ? parts.pollMinutes : parts.beginMinutes)(input);
    const usualMinSeconds = started ? usualMinOf(input) : 0;
    const ended = armFailure(azure, failure, before, input, { minutes, usualMinSeconds, correlationId });
    if (started) ended.details.tried = tried;
    return { ...ended, failure: withAttempts(ended.failure, counted.tried) };
  }

  return withHeartbeat({ initialDetails, onFailure, shortWaits: deps.shortWaits }, (input: Input, context, details) =>
    azure.withRequestContext(context, () => work(input, details)),
  );
}

/** The failure of an operation that may be started again: retried, or final once there were too many. */
function repeated<Operation>(failure: ApplicationFailure, hint: RetryHint, before: OperationDetails<Operation>) {
  const { failed = 0, blocked = 0 } = before;
  const details: OperationDetails<Operation> = {
    attempts: {},
    tried: before.tried ?? 1,
    failed: hint.blockedByOperation ? failed : failed + 1,
    blocked: hint.blockedByOperation ? blocked + 1 : blocked,
  };
  const exhausted = hint.blockedByOperation
    ? details.blocked! > maximumBlocked
    : details.failed! >= (hint.limit?.attempts ?? maximumFailed);
  if (!exhausted) return { failure: withRetry(failure, { nextRetryDelay: Math.max(1, hint.afterMs) }), details };
  return { failure: withAttempts(withRetry(failure, null), details.tried!), details };
}
