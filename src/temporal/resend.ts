import { setTimeout as wait } from 'node:timers/promises';
import { WorkflowUpdateRPCTimeoutOrCancelledError, isGrpcDeadlineError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { environmentWorkflowId } from '../workflows/messages.ts';
import { isClosed } from './closedWorkflow.ts';
import { readinessOf } from './temporalReadiness.ts';

/** Milliseconds for one attempt to have an update accepted. */
export const attemptMs = 1_500;
/** Milliseconds between two attempts: at first, and at most. */
const [firstDelayMs, longestDelayMs] = [50, 400];

/** A worker accepts an update within milliseconds. After this time it matters whether there is one. */
const withoutWorkerMs = 5_000;

/**
 * How long an update may wait for earlier ones. Temporal admits ten at a time to a workflow (`history.maxInFlightUpdates`; its client retries
 * the refusal silently until the attempt ends), and a workflow that continues as new first completes those that it has accepted.
 */
const acceptWithinMs = 30_000;

export const isTimeout = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error);

async function isOpen(client: Client, name: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(environmentWorkflowId(name)).describe();
  return status.name === 'RUNNING';
}

async function lacksWorker(client: Client): Promise<boolean> {
  const { temporal, worker } = await readinessOf(client);
  return temporal && !worker;
}

/**
 * Repeats `send`, an update with one id, until it is answered or refused for good, there is no worker, or the time is over; then throws the last
 * error. An update that meets its workflow while that continues as new, or has too many updates in progress, may be refused (`isRefusedForNow`),
 * or never be answered.
 */
export async function resend<T>(
  client: Client,
  name: string,
  send: () => Promise<T>,
  isRefusedForNow: (error: unknown) => boolean,
): Promise<T> {
  const startedAt = Date.now();
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(2 * delayMs, longestDelayMs)) {
    try {
      return await send();
    } catch (error) {
      const elapsedMs = Date.now() - startedAt;
      if (elapsedMs > acceptWithinMs) throw error;
      if (isTimeout(error)) {
        if (elapsedMs > withoutWorkerMs && (await lacksWorker(client))) throw error;
      } else if (isClosed(error)) {
        if (!(await isOpen(client, name))) throw error;
      } else if (!isRefusedForNow(error)) throw error;
      await wait(delayMs);
    }
  }
}
