import { readFileSync } from 'node:fs';
import { roles } from '../domain/roles.ts';
import type { Role } from '../domain/roles.ts';

/** One line of the file of API keys. */
export interface ApiKey {
  owner: string;
  /** of the key, in hexadecimal */
  sha256: string;
  role: Role;
  /** ISO 8601, UTC; null: never */
  expiresAt: string | null;
}

const linePattern = /^\s*([A-Za-z0-9][A-Za-z0-9@._+-]{0,127})\s+([0-9a-fA-F]{64})((?:\s+\S+)*)\s*$/;
const lineFormat = `<owner> <SHA-256 of the key> [role=${roles.join('|')}] [expires=<time in UTC, like 2027-01-01T00:00:00Z>]`;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;

/** One line per key. Empty lines and lines that begin with # are skipped. Adds a message for each invalid line to `errors`; none repeats the line, which may contain a key. */
export function parseApiKeys(text: string, errors: string[]): ApiKey[] {
  const keys: ApiKey[] = [];
  const before = errors.length;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const key = keyOf(line);
    if (key) keys.push(key);
    else errors.push(`MOAT_API_KEYS_FILE line ${index + 1} is not \`${lineFormat}\``);
  }
  if (keys.length === 0 && errors.length === before) errors.push('MOAT_API_KEYS_FILE contains no key');
  return keys;
}

function keyOf(line: string): ApiKey | undefined {
  const match = linePattern.exec(line);
  if (!match) return undefined;
  const [, owner, hash, rest] = match;
  const key: ApiKey = { owner: owner!, sha256: hash!.toLowerCase(), role: 'owner', expiresAt: null };
  for (const option of rest!.split(/\s+/).filter((part) => part !== '')) {
    const [name, value = ''] = option.split('=', 2);
    const role = roles.find((one) => one === value);
    if (name === 'role' && role !== undefined) key.role = role;
    else if (name === 'expires' && timePattern.test(value) && !Number.isNaN(Date.parse(value))) key.expiresAt = value;
    else return undefined;
  }
  return key;
}

/** The keys of a file; null where no file is set. Adds a message for each error to `errors`. */
export function readApiKeys(file: string | undefined, errors: string[]): ApiKey[] | null {
  if (file === undefined) return null;
  try {
    return parseApiKeys(readFileSync(file, 'utf8'), errors);
  } catch (error) {
    errors.push(`MOAT_API_KEYS_FILE cannot be read: ${(error as Error).message}`);
    return null;
  }
}
