import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import type { Headers } from '@temporalio/common';
import { report } from './observations.ts';
import { spanIdOf, traceParentIn, withTraceParent } from './traceContext.ts';
import type { TraceParent } from './traceContext.ts';

/** It lives for days: what it starts is a part of the request that caused it, and it has no span of its own. */
const withoutSpan = ['environment'];

const failureText = (error: unknown): string =>
  isCancellation(error) ? 'cancelled' : error instanceof Error ? error.message : String(error);

/**
 * Passes the trace context from requests through workflows to their activities and child workflows. A workflow's span is reported when the
 * workflow ends. The interceptors neither wait, nor use random numbers, nor add commands: a history replays with and without them, and
 * whether or not it was traced (ADR 32).
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { workflowType, runId, runStartTime } = workflowInfo();
  /** of the last request; undefined: none was traced */
  let parent: TraceParent | undefined;

  const passOn = <Input extends { headers: Headers }>(input: Input): Input =>
    parent ? { ...input, headers: withTraceParent(input.headers, parent) } : input;

  /** The context of what this workflow starts, requested with the headers. */
  function enter(headers: Headers): void {
    const requested = traceParentIn(headers);
    if (!requested) return;
    parent = withoutSpan.includes(workflowType) ? requested : { ...requested, spanId: spanIdOf(runId) };
  }

  function end(requested: TraceParent, failure: string | null): void {
    const own = { traceId: requested.traceId, flags: requested.flags, spanId: spanIdOf(runId) };
    const times = { startedAt: runStartTime.getTime(), endedAt: Date.now() };
    report.spanEnded({ ...own, ...times, parentSpanId: requested.spanId, name: workflowType, failure });
  }

  return {
    inbound: [
      {
        execute(input, next) {
          enter(input.headers);
          const result = next(input);
          const requested = traceParentIn(input.headers);
          // beside the result, not in front of it: the workflow's code runs in the same order as without a trace
          if (requested && !withoutSpan.includes(workflowType))
            result.then(
              () => end(requested, null),
              (error: unknown) => end(requested, failureText(error)),
            );
          return result;
        },
        handleSignal(input, next) {
          if (withoutSpan.includes(workflowType)) enter(input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          if (withoutSpan.includes(workflowType)) enter(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(passOn(input)),
        startChildWorkflowExecution: (input, next) => next(passOn(input)),
        signalWorkflow: (input, next) => next(passOn(input)),
        continueAsNew: (input, next) => next(passOn(input)),
        getLogAttributes: (input, next) => next(parent ? { ...input, trace_id: parent.traceId } : input),
      },
    ],
  };
};
