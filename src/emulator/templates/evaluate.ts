import type { Json } from '../arm/model.ts';
import { isExpression, parseExpression } from './expression.ts';
import type { Expression } from './expression.ts';
import { functions, unsupportedFunctions } from './functions.ts';
import { asString } from './functionArguments.ts';
import { ExpressionError, templateNotEmulated } from './templateErrors.ts';

/** The functions that depend on the deployment and on what exists (`parameters`, `reference`), by name in lower case. */
export type Surroundings = Readonly<Record<string, (values: Json[]) => Json>>;

/**
 * A value of the template with its expressions evaluated, at any depth; names of members are evaluated, too.
 * @throws ExpressionError for an expression that ARM refuses
 * @throws ArmError 501 for a function that is not emulated
 */
export function evaluate(value: Json, surroundings: Surroundings): Json {
  if (typeof value === 'string') return evaluateText(value, surroundings);
  if (Array.isArray(value)) return value.map((element) => evaluate(element, surroundings));
  if (typeof value !== 'object' || value === null) return value;
  if ('copy' in value && Array.isArray(value['copy'])) throw templateNotEmulated("'copy' in properties");
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      asString(evaluateText(name, surroundings)),
      evaluate(member, surroundings),
    ]),
  );
}

function evaluateText(text: string, surroundings: Surroundings): Json {
  if (text.startsWith('[[') && text.endsWith(']')) return text.slice(1);
  return isExpression(text) ? evaluateExpression(parseExpression(text), surroundings) : text;
}

/** The value of a parsed expression; throws as `evaluate` does. */
export function evaluateExpression(expression: Expression, surroundings: Surroundings): Json {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'member')
    return memberOf(
      evaluateExpression(expression.of, surroundings),
      evaluateExpression(expression.member, surroundings),
    );
  const { name, arguments: given } = expression;
  const word = name.toLowerCase();
  // Only the chosen branch: the other one may refer to what does not exist.
  if (word === 'if') {
    const [condition, yes, no] = given;
    if (!condition || !yes || !no) throw new ExpressionError("The template function 'if' expects 3 arguments.");
    return evaluateExpression(evaluateExpression(condition, surroundings) === true ? yes : no, surroundings);
  }
  const call = Object.hasOwn(surroundings, word) ? surroundings[word] : functions.get(word);
  if (call) return call(given.map((argument) => evaluateExpression(argument, surroundings)));
  if (unsupportedFunctions.has(word) || word.startsWith('list') || word.includes('.'))
    throw templateNotEmulated(`The function '${name}'`);
  throw new ExpressionError(
    `The template function '${name}' is not valid. Please see https://aka.ms/arm-functions for usage details.`,
  );
}

function memberOf(value: Json, member: Json): Json {
  if (Array.isArray(value) && typeof member === 'number') {
    const element = value[member];
    if (element !== undefined) return element;
    throw new ExpressionError(
      `The language expression property array index '${member}' is out of bounds. Please see https://aka.ms/arm-function-reference for usage details.`,
    );
  }
  const wanted = asString(member);
  const found =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).find(([name]) => name.toLowerCase() === wanted.toLowerCase())
      : undefined;
  if (found) return found[1];
  const available = typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : '';
  throw new ExpressionError(
    `The language expression property '${wanted}' doesn't exist, available properties are '${available}'.`,
  );
}

/** The expressions in a value, at any depth. */
export function expressionsIn(value: Json): Expression[] {
  if (typeof value === 'string') return isExpression(value) ? [parseExpression(value)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
}
