import type { LogMetadata } from '@temporalio/common';

const environmentId = /^environment-([a-z0-9-]+)(?::(\w+):(\w+))?$/;

/** Whose log line it is, and by which id to search for more. */
export interface LogContext {
  environment?: string;
  /** like `provision-1` */
  run?: string;
  step?: string;
  /** of the requests to ARM of this run: Azure's activity log can be filtered by it */
  correlationId?: string;
}

/** The environment, run and step that the ids of a workflow and an activity name. */
export function contextOf(workflowId = '', runId?: string, activityId?: string): LogContext {
  const [, environment, kind, number] = environmentId.exec(workflowId) ?? [];
  const step = activityId?.includes(':') ? activityId.split(':')[0] : undefined;
  return {
    ...(environment && { environment }),
    ...(kind && { run: `${kind}-${number}` }),
    ...(step && { step }),
    ...(runId && { correlationId: runId }),
  };
}

/** Fields of the SDK that are shown under another name, or are of no use to a reader. */
const replacedFields = new Set(
  (
    'sdkComponent workflowId workflowRunId runId workflowType activityId activityType attempt taskQueue taskToken ' +
    'namespace isLocal error trace_id span_id trace_flags'
  ).split(' '),
);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The fields of a line of Temporal's SDK. */
export function fieldsOf(meta: LogMetadata): object {
  const runId = text(meta['workflowRunId']) ?? text(meta['runId']);
  const context = contextOf(text(meta['workflowId']), runId, text(meta['activityId']));
  const others = Object.entries(meta).filter(([name]) => !replacedFields.has(name));
  const fields = {
    component: `temporal-${text(meta['sdkComponent']) ?? 'core'}`,
    ...context,
    workflow: meta['workflowType'],
    workflowId: context.environment === undefined ? meta['workflowId'] : undefined,
    activity: meta['activityType'],
    attempt: meta['attempt'],
    traceId: meta['trace_id'],
    err: meta['error'],
    ...Object.fromEntries(others),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
