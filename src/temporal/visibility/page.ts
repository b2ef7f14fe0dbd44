import { createHash } from 'node:crypto';
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import { Problem } from '../../domain/problem.ts';
import type { Page } from '../contracts.ts';

const { WorkflowExecutionStatus } = proto.temporal.api.enums.v1;
const invalidArgument = 3;
/** Bytes of the hash that binds a cursor to its query. */
const hashBytes = 12;

/** A workflow as a list of Temporal's visibility has it. */
export interface ListedExecution {
  workflowId: string;
  runId: string;
  startTime: Date;
  /** null: it is open */
  closeTime: Date | null;
  /** as the client names them: `RUNNING` */
  status: { name: string };
  memo: Record<string, unknown>;
}

export interface PageRequest {
  query: string;
  /** what a cursor is bound to: it is refused with another one */
  binding: string;
  limit: number;
  cursor: string | undefined;
  /** the keys of the memo that are decoded */
  memoKeys: readonly string[];
}

/**
 * One page of the workflows that match, by one call. Temporal lists open ones first, the last started one first; then closed ones, the
 * last closed one first (SQL stores have no ORDER BY). Throws InvalidParameters for a cursor of another query.
 */
export async function listPage(client: Client, request: PageRequest): Promise<Page<ListedExecution>> {
  const { query, binding, limit, cursor, memoKeys } = request;
  const nextPageToken = cursor === undefined ? new Uint8Array() : tokenOf(cursor, binding);
  const { namespace, loadedDataConverter } = client.options;
  const answer = await client.workflowService
    .listWorkflowExecutions({ namespace, query, pageSize: limit, nextPageToken })
    .catch((error: unknown) => {
      // of another server, or of an earlier version of it
      const isRefused = cursor !== undefined && isGrpcServiceError(error) && (error.code as number) === invalidArgument;
      throw isRefused ? invalidCursor() : error;
    });
  const token = answer.nextPageToken ?? new Uint8Array();
  return {
    items: await Promise.all((answer.executions ?? []).map((info) => listed(info, memoKeys, loadedDataConverter))),
    nextCursor: token.length === 0 ? null : cursorOf(token, binding),
  };
}

/** Temporal's page token behind a hash of it and of the query that it belongs to. */
const cursorOf = (token: Uint8Array, binding: string): string =>
  Buffer.concat([hashOf(token, binding), token]).toString('base64url');

const hashOf = (token: Uint8Array, binding: string): Buffer =>
  createHash('sha256').update(binding).update('\n').update(token).digest().subarray(0, hashBytes);

function tokenOf(cursor: string, binding: string): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(hashBytes);
  if (token.length === 0 || !bytes.subarray(0, hashBytes).equals(hashOf(token, binding))) throw invalidCursor();
  return token;
}

const invalidCursor = (): Problem =>
  new Problem('InvalidParameters', 'Validation failed.', { errors: [{ path: '/cursor', message: 'invalid cursor' }] });

async function listed(
  info: temporal.api.workflow.v1.IWorkflowExecutionInfo,
  memoKeys: readonly string[],
  converter: LoadedDataConverter,
): Promise<ListedExecution> {
  const { execution, startTime, closeTime, status, memo } = info;
  const entries = memoKeys.map(async (key) => {
    const payload = memo?.fields?.[key];
    return [key, payload && (await decode(payload, converter))] as const;
  });
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    startTime: dateOf(startTime)!,
    closeTime: dateOf(closeTime),
    status: { name: nameOf(status) },
    memo: Object.fromEntries(await Promise.all(entries)),
  };
}

const nameOf = (status: temporal.api.enums.v1.WorkflowExecutionStatus | null | undefined): string =>
  WorkflowExecutionStatus[status ?? 0]!.replace('WORKFLOW_EXECUTION_STATUS_', '').replace('CANCELED', 'CANCELLED');

async function decode(
  payload: temporal.api.common.v1.IPayload,
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
): Promise<unknown> {
  let payloads = [payload];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload(payloads[0]!);
}

const dateOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): Date | null =>
  time ? new Date(Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1_000_000)) : null;
