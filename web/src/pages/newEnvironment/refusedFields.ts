import { ApiProblem } from '../../api/apiProblem.ts';
import type { FieldErrors, RequestBody } from './requestBody.ts';

/** The validation errors of an answer, by the member that each names. */
export function apiFieldErrors(error: Error | null): FieldErrors {
  const errors = (error instanceof ApiProblem && error.problem?.errors) || [];
  return Object.fromEntries(errors.map(({ path, message }) => [path, message]));
}

/** What the schema or the API refuses. */
export const refusedFields = ({ errors }: RequestBody, error: Error | null): FieldErrors => ({
  ...apiFieldErrors(error),
  ...errors,
});
