import type { Problem } from '../../../src/client/index.ts';

/** A request that the API refused, or that did not reach it. */
export class ApiProblem extends Error {
  /** undefined: no answer arrived */
  readonly problem: Problem | undefined;

  constructor(problem: Problem | undefined, cause?: unknown) {
    super(problem?.detail ?? 'No answer from Moat.', { cause });
    this.problem = problem;
  }

  /** Whether the same request may succeed later without a change. */
  get isTemporary(): boolean {
    return this.problem === undefined || this.problem.status >= 500;
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;

/** The data of an answer of the generated client; throws `ApiProblem`. */
export async function dataOf<T>(
  request: Promise<{ data: T; error: undefined } | { data: undefined; error: unknown }>,
): Promise<T> {
  const { data, error } = await request;
  if (error === undefined) return data as T;
  throw new ApiProblem(isProblem(error) ? error : undefined, error);
}
