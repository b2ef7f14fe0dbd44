import { isGrpcServiceError } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';

/** gRPC's DEADLINE_EXCEEDED and UNAVAILABLE: what its client ends with when its own repetitions have not helped. */
const away: readonly number[] = [4, 14];

/** Whether the error, or one that caused it, says that Temporal does not answer. */
export function isUnavailable(error: unknown): boolean {
  if (isGrpcServiceError(error)) return away.includes(error.code);
  return error instanceof Error && error.cause !== undefined && isUnavailable(error.cause);
}

type Calls = Record<string, (...args: never[]) => Promise<unknown>>;

/** The same calls; where Temporal does not answer they throw Unavailable in place of what its client throws. */
export function mapUnavailable<T extends object>(calls: T & { [Name in keyof T]: Calls[string] }): T {
  const guard =
    (call: Calls[string]) =>
    async (...args: never[]): Promise<unknown> => {
      try {
        return await call(...args);
      } catch (error) {
        if (isUnavailable(error)) throw new Problem('Unavailable', 'Temporal does not answer.', { retryAfter: 5 });
        throw error;
      }
    };
  return Object.fromEntries(Object.entries<Calls[string]>(calls).map(([name, call]) => [name, guard(call)])) as T;
}
