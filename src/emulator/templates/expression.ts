import { ExpressionError } from './templateErrors.ts';

/** A parsed expression of the template language. */
export type Expression =
  | { kind: 'literal'; value: string | number }
  | { kind: 'call'; name: string; arguments: Expression[] }
  /** `.name`, or `[index]` */
  | { kind: 'member'; of: Expression; member: Expression };

const tokens = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|([()[\],.]))/y;

/** Reads the tokens of one expression, one after the other. */
class Reader {
  readonly #text: string;
  #at = 0;
  #ahead: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.next();
  }

  /** The token that `next` returns; undefined at the end. */
  get ahead(): string | undefined {
    return this.#ahead;
  }

  next(): string | undefined {
    const current = this.#ahead;
    tokens.lastIndex = this.#at;
    const match = tokens.exec(this.#text);
    if (!match && this.#text.slice(this.#at).trim() !== '') throw this.error();
    this.#ahead = match?.[0].trim();
    if (match) this.#at = tokens.lastIndex;
    return current;
  }

  take(token: string): void {
    if (this.next() !== token) throw this.error();
  }

  error(): ExpressionError {
    return new ExpressionError(
      `Unable to parse language expression '${this.#text}'. Please see https://aka.ms/arm-template-expressions for usage details.`,
    );
  }
}

/** Whether ARM evaluates a text: `[…]`, but not `[[…`, which stands for a text that begins with a bracket. */
export const isExpression = (text: string): boolean =>
  text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[');

/**
 * Parses a text for which `isExpression` is true.
 * @throws ExpressionError
 */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text.slice(1, -1));
  const expression = readExpression(reader);
  if (reader.ahead !== undefined) throw reader.error();
  return expression;
}

function readExpression(reader: Reader): Expression {
  let expression = readPrimary(reader);
  for (;;) {
    if (reader.ahead === '.') {
      reader.take('.');
      expression = { kind: 'member', of: expression, member: { kind: 'literal', value: reader.next() ?? '' } };
    } else if (reader.ahead === '[') {
      reader.take('[');
      expression = { kind: 'member', of: expression, member: readExpression(reader) };
      reader.take(']');
    } else return expression;
  }
}

function readPrimary(reader: Reader): Expression {
  const token = reader.next();
  if (token === undefined) throw reader.error();
  if (token.startsWith("'")) return { kind: 'literal', value: token.slice(1, -1).replaceAll("''", "'") };
  if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
  if (!/^[A-Za-z_$]/.test(token)) throw reader.error();
  let name = token;
  // `contoso.uniqueName()`: a function of the template itself.
  while (reader.ahead === '.') {
    reader.take('.');
    name += `.${reader.next()}`;
  }
  return { kind: 'call', name, arguments: readArguments(reader) };
}

function readArguments(reader: Reader): Expression[] {
  const found: Expression[] = [];
  reader.take('(');
  while (reader.ahead !== ')') {
    found.push(readExpression(reader));
    if (reader.ahead === ')') break;
    reader.take(',');
  }
  reader.take(')');
  return found;
}

/** The calls of a function in an expression, at any depth. */
export function callsOf(expression: Expression, name: string): Extract<Expression, { kind: 'call' }>[] {
  if (expression.kind === 'literal') return [];
  if (expression.kind === 'member') return [...callsOf(expression.of, name), ...callsOf(expression.member, name)];
  const inner = expression.arguments.flatMap((argument) => callsOf(argument, name));
  return expression.name.toLowerCase() === name ? [expression, ...inner] : inner;
}
