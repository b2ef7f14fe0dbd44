import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import type { StoredEnvironment } from './environmentReader.ts';

/** gRPC's NOT_FOUND and FAILED_PRECONDITION: the workflow has closed, or is closing. */
const closedCodes: readonly number[] = [5, 9];

/** Whether a signal or update failed because its workflow has closed. */
export function isClosed(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  if (isGrpcServiceError(error)) return closedCodes.includes(error.code);
  return error instanceof Error && error.cause !== undefined && isClosed(error.cause);
}

/** The problem to answer where the environment's workflow has closed. */
export function closedProblem(name: string, stored: StoredEnvironment | undefined): Problem {
  if (!stored) return new Problem('NotFound', `There is no environment ${name}.`);
  const { failure, state } = stored.record;
  if (stored.health !== 'ok') return new Problem('NotReady', `${failure?.message} ${failure?.remedy}`);
  return new Problem(
    'BeingDeleted',
    `The environment ${name} is ${state === 'deleted' ? 'deleted' : 'being deleted'}.`,
  );
}
