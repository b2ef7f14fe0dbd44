/** Bounds of a JSON text. Lengths are in UTF-16 code units. */
export interface JsonLimits {
  depth: number;
  /** objects, arrays, strings, numbers and literals together */
  values: number;
  stringLength: number;
  memberNameLength: number;
}

/** Bounds of everything that reaches a workflow: Temporal, its clients and every JSON parser of a reader can handle it. */
export const requestJsonLimits: JsonLimits = { depth: 32, values: 4000, stringLength: 8192, memberNameLength: 256 };

const token = /-?[0-9][0-9.eE+-]*|[a-z]+/y;

/**
 * The first limit that a JSON text violates, as a sentence that begins with "must"; undefined where there is none.
 * One linear scan without recursion, for use before JSON.parse. It does not check the grammar; JSON.parse does.
 */
export function jsonLimitError(text: string, limits: JsonLimits): string | undefined {
  /** the open containers, an object by the names of its members */
  const open: (Set<string> | undefined)[] = [];
  let values = 0;
  let previous = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (isSpace(character)) continue;
    const names = open.at(-1);
    const isName = names !== undefined && (previous === '{' || previous === ',');
    previous = character;
    if (character === ',' || character === ':') continue;
    if (character === ']' || character === '}') {
      open.pop();
      continue;
    }
    values += isName ? 0 : 1;
    if (values > limits.values) return `must have at most ${limits.values} values`;
    if (character === '[' || character === '{') {
      open.push(character === '{' ? new Set() : undefined);
      if (open.length > limits.depth) return `must be nested at most ${limits.depth} levels deep`;
    } else if (character === '"') {
      const end = endOfString(text, at);
      const error = stringError(text.slice(at, end), isName ? names : undefined, limits);
      if (error !== undefined) return error;
      at = end - 1;
    } else {
      token.lastIndex = at;
      const [found = character] = token.exec(text) ?? [];
      if (!keepsValue(found)) return `must not have a number that loses its value as a 64-bit float: ${cut(found)}`;
      at += found.length - 1;
    }
  }
  return undefined;
}

/** Whether a JSON text is nested deeper than `depth` levels. Linear and without recursion. */
export function isDeeperThan(text: string, depth: number): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open -= 1;
    if (open > depth) return true;
  }
  return false;
}

const isSpace = (character: string): boolean =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

/** The index behind the closing quote of the string that begins at `start`; the text's length where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** `names` are the members that the object has so far, where the string is a member's name. */
function stringError(quoted: string, names: Set<string> | undefined, limits: JsonLimits): string | undefined {
  const value = unquote(quoted);
  if (!value.isWellFormed()) return 'must not have an unpaired surrogate in a string';
  if (names === undefined) {
    return value.length > limits.stringLength
      ? `must not have a string of more than ${limits.stringLength} characters`
      : undefined;
  }
  if (value.length > limits.memberNameLength)
    return `must not have a member name of more than ${limits.memberNameLength} characters`;
  if (names.has(value)) return `must not have a member twice: ${cut(value)}`;
  names.add(value);
  return undefined;
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** Whether a number keeps its value when it is parsed: finite, not rounded to zero, an integer with all its digits. True for literals. */
function keepsValue(text: string): boolean {
  if (!/^-?[0-9]/.test(text)) return true;
  const value = Number(text);
  if (Number.isNaN(value)) return true;
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/^[^eE]*[1-9]/.test(text);
  return !/^-?[0-9]{16,400}$/.test(text) || String(value) === text || BigInt(text) === BigInt(value);
}

const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
