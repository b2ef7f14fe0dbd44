/** One error of an ARM answer. An answer nests several: in members, or as JSON inside a text. */
export interface ErrorEntry {
  /** empty where the answer has none */
  code: string;
  /** without the JSON that it contained */
  message: string;
  /** what ARM blames: a resource id, or a member of the request's body */
  target?: string;
}

/** Bounds, so that an answer of megabytes costs little and leaves little: in characters, levels and entries. */
const longestText = 262_144;
const longestMessage = 16_384;
const maximumDepth = 10;
const maximumEntries = 40;
/** Opening braces that are tried as the beginning of JSON. */
const maximumBraces = 5;

type Members = Record<string, unknown>;

/**
 * The errors in the body of an ARM answer, outermost first; empty where it has none. Reads `details`, `innererror`, ASP.NET's `errors`,
 * the policies in `additionalInfo`, and JSON inside a text, escaped or after a prefix (`…, error detail: {"errors":{…}}`), at any depth.
 */
export function errorEntries(body: unknown): ErrorEntry[] {
  const entries: ErrorEntry[] = [];
  collect(body, { entries, depth: 0, target: '' });
  return entries;
}

/** Where the walk through a body is, with the target that the errors above named. */
interface Position {
  entries: ErrorEntry[];
  depth: number;
  target: string;
}

function collect(value: unknown, at: Position): void {
  const { entries, depth } = at;
  if (depth > maximumDepth || entries.length >= maximumEntries) return;
  const below: Position = { ...at, depth: depth + 1 };
  if (typeof value === 'string') return addEntry('', value, below);
  if (Array.isArray(value)) return value.slice(0, maximumEntries).forEach((one) => collect(one, below));
  if (typeof value !== 'object' || value === null) return;
  const members = lowerCased(value);
  const wrapped = members['error'] ?? members['odata.error'];
  if (wrapped !== undefined && wrapped !== null) return collect(wrapped, below);
  below.target = textOf(members['target']) || at.target;
  addEntry(textOf(members['code']), messageOf(members), below);
  collectFields(members['errors'], below);
  for (const name of ['details', 'innererror']) collect(members[name], below);
  for (const info of listOf(members['additionalinfo'])) collectPolicy(info, entries);
}

function addEntry(code: string, text: string, at: Position): void {
  const { entries, target } = at;
  if (entries.length >= maximumEntries) return;
  const { rest, json } = splitJson(text);
  const message = shorten(rest, longestMessage);
  const known = /^(none|null|n\/a)$/i.test(code) ? '' : code;
  if (known !== '' || message !== '')
    entries.push({ code: known || prefixOf(message), message, ...(target && { target }) });
  if (json !== undefined) collect(json, at);
}

/** `ResourceNotReady: User container has crashed`: the older machine learning services put the code into the message. */
const prefixOf = (message: string): string => /^([A-Z][a-z]+(?:[A-Z][a-z]+)+):\s/.exec(message)?.[1] ?? '';

/** ASP.NET's validation errors: messages by the member of the request that they are about. */
function collectFields(errors: unknown, at: Position): void {
  if (Array.isArray(errors)) return collect(errors, at);
  if (typeof errors !== 'object' || errors === null) return;
  for (const [target, messages] of Object.entries(errors).slice(0, maximumEntries))
    for (const message of listOf(messages)) if (typeof message === 'string') addEntry('', message, { ...at, target });
}

/** `additionalInfo` of a refusal by Azure Policy: the assignment, and the members of the request that it evaluated. */
function collectPolicy(additional: unknown, entries: ErrorEntry[]): void {
  const { type, info } = lowerCased(additional) as { type?: unknown; info?: unknown };
  const { policyassignmentid, evaluationdetails } = lowerCased(info);
  if (typeof policyassignmentid !== 'string') return;
  const expressions = listOf(lowerCased(evaluationdetails)['evaluatedexpressions']).map(lowerCased);
  const fields = expressions.map(({ path }) => textOf(path)).filter((path) => path !== '' && path !== 'type');
  const evaluated = fields.length > 0 ? `, which evaluated ${[...new Set(fields)].slice(0, 3).join(', ')}` : '';
  const message = `policy assignment ${shorten(policyassignmentid, 500)}${shorten(evaluated, 500)}`;
  entries.push({ code: textOf(type) || 'PolicyViolation', message });
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.slice(0, maximumEntries) : value ? [value] : [];

/** The members of an object, by their names in lower case; none of anything else. */
const lowerCased = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]))
    : {};

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** `message`, which OData wraps (`{"value": …}`); else the `title` and `detail` of problem details without `errors`. */
function messageOf(members: Members): string {
  const message = textOf(members['message']) || textOf(lowerCased(members['message'])['value']);
  if (message !== '' || members['errors'] !== undefined) return message;
  return [textOf(members['title']), textOf(members['detail'])].filter(Boolean).join(' ');
}

/** The JSON of an error inside a text, and the text around it. */
function splitJson(text: string): { rest: string; json?: unknown } {
  if (text.length > longestText || !text.includes('{')) return { rest: text };
  const trimmed = text.trim();
  if (trimmed.startsWith('"')) {
    const inner = parsed(trimmed);
    if (typeof inner === 'string') return splitJson(inner);
  }
  // JSON inside JSON that a client printed without decoding it
  for (const readable of [text, unescaped(text)]) {
    const found = embedded(readable);
    if (found) return found;
  }
  return { rest: text };
}

const unescaped = (text: string): string => text.replaceAll(/\\+(["/])/g, '$1');

function embedded(text: string): { rest: string; json: unknown } | undefined {
  for (
    let at = text.indexOf('{'), tries = 0;
    at >= 0 && tries < maximumBraces;
    at = text.indexOf('{', at + 1), tries++
  ) {
    const end = closingBrace(text, at);
    const json = end < 0 ? undefined : parsed(text.slice(at, end + 1));
    if (isError(json)) return { rest: `${text.slice(0, at)}${text.slice(end + 1)}`.trim(), json };
  }
  return undefined;
}

/** The index of the brace that closes the one at `start`; -1 where none does. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth++;
    else if (!quoted && character === '}' && --depth === 0) return at;
  }
  return -1;
}

const isError = (json: unknown): boolean => {
  const members = lowerCased(json);
  return ['error', 'odata.error', 'errors', 'code', 'message', 'innererror'].some((name) => name in members);
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The beginning and the end of a text that has more than so many characters. */
const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most / 2)} … ${text.slice(-most / 2)}`;
