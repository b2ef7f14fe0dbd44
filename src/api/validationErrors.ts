import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { ValidationError } from '../domain/problem.ts';

/** Ajv's error with what its option `verbose` adds. */
type VerboseError = FastifySchemaValidationError & { data?: unknown; parentSchema?: { description?: string } };

/** Ajv's errors as sentences. For a pattern, the expectation is the schema's description up to its first semicolon. */
export function validationErrorsOf(errors: readonly FastifySchemaValidationError[]): ValidationError[] {
  return relevant(errors).map(({ keyword, instancePath, params, message, parentSchema }) => {
    const expected = parentSchema?.description?.split(';')[0];
    if (keyword === 'required')
      return { path: `${instancePath}/${pointerToken(params['missingProperty'])}`, message: 'is required' };
    if (keyword === 'additionalProperties')
      return {
        path: `${instancePath}/${pointerToken(params['additionalProperty'])}`,
        message: 'unknown property',
      };
    if (keyword === 'enum')
      return { path: instancePath, message: `must be one of ${(params['allowedValues'] as string[]).join(', ')}` };
    if ((keyword === 'pattern' || keyword === 'anyOf') && expected)
      return { path: instancePath, message: `must be ${expected}` };
    return { path: instancePath, message: message ?? 'is not valid' };
  });
}

/** Reduces the errors of an anyOf to one: that no alternative matches, or the errors in the alternative of the same type. */
function relevant(errors: readonly VerboseError[]): VerboseError[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf');
  return errors.filter((error) => {
    const choice = choices.find(({ instancePath }) => `${error.instancePath}/`.startsWith(`${instancePath}/`));
    if (!choice) return true;
    const meantObject = choice.data !== null && typeof choice.data === 'object' && !Array.isArray(choice.data);
    if (!meantObject) return error === choice;
    return (
      error.instancePath !== choice.instancePath ||
      error.keyword === 'required' ||
      error.keyword === 'additionalProperties'
    );
  });
}

/** A member's name as a token of a JSON pointer (RFC 6901). */
const pointerToken = (member: unknown): string => String(member).replaceAll('~', '~0').replaceAll('/', '~1');
