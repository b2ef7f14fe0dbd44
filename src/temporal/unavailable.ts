import { isGrpcServiceError } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';

/** gRPC's DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED (the server's rate limit) and UNAVAILABLE: the client's errors after its own retries. */
const unavailableCodes: readonly number[] = [4, 8, 14];

/** Whether the error, or one of its causes, means that Temporal is unavailable. */
export function isUnavailable(error: unknown): boolean {
  if (isGrpcServiceError(error)) return unavailableCodes.includes(error.code);
  return error instanceof Error && error.cause !== undefined && isUnavailable(error.cause);
}

type Calls = Record<string, (...args: never[]) => Promise<unknown>>;

/** Wraps calls so that they throw Unavailable instead of the client's error where Temporal is unavailable. */
export function mapUnavailable<T extends object>(calls: T & { [Name in keyof T]: Calls[string] }): T {
  const wrap =
    (call: Calls[string]) =>
    async (...args: never[]): Promise<unknown> => {
      try {
        return await call(...args);
      } catch (error) {
        if (isUnavailable(error)) throw new Problem('Unavailable', 'Temporal is unavailable.', { retryAfter: 5 });
        throw error;
      }
    };
  return Object.fromEntries(Object.entries<Calls[string]>(calls).map(([name, call]) => [name, wrap(call)])) as T;
}
