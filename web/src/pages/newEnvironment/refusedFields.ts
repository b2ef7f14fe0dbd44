import { ApiProblem } from '../../api/apiProblem.ts';
import type { FieldErrors, RequestBody } from './requestBody.ts';

/** The validation errors of an answer, by the member that each names. */
export function apiFieldErrors(error: Error | null): FieldErrors {
  const errors = (error instanceof ApiProblem && error.problem?.errors) || [];
  return Object.fromEntries(errors.map(({ path, message }) => ofField(path, message)));
}

/** An error about an item of a list, or about a part of it, belongs to the field of the list. */
function ofField(path: string, message: string): [pointer: string, message: string] {
  const [, list, index, rest = ''] = /^(.*?)\/(\d+)(\/.*)?$/.exec(path) ?? [];
  return list === undefined
    ? [path, message]
    : [list, `item ${Number(index) + 1}${rest.replaceAll('/', ' ')} ${message}`];
}

/** What the schema or the API refuses. */
export const refusedFields = ({ errors }: RequestBody, error: Error | null): FieldErrors => ({
  ...apiFieldErrors(error),
  ...errors,
});
