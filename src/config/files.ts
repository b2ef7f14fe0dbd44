import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './configError.ts';

/** An API key's owner and the SHA-256 of the key, in hexadecimal. */
export interface ApiKey {
  owner: string;
  sha256: string;
}

const sealKeyMinLength = 32;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** One line per key: `<owner> <SHA-256 of the key>`. Empty lines and lines that begin with # are skipped. Adds what is wrong to `errors`. */
export function readApiKeys(file: string | undefined, errors: string[]): ApiKey[] | null {
  if (file === undefined) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    errors.push(`MOAT_API_KEYS_FILE cannot be read: ${(error as Error).message}`);
    return null;
  }
  const keys: ApiKey[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9@._+-]{0,127})\s+([0-9a-fA-F]{64})\s*$/.exec(line);
    if (match) keys.push({ owner: match[1]!, sha256: match[2]!.toLowerCase() });
    else errors.push(`MOAT_API_KEYS_FILE line ${index + 1} is not \`<owner> <SHA-256 of the key>\``);
  }
  if (keys.length === 0) errors.push('MOAT_API_KEYS_FILE contains no key');
  return keys;
}

/** The seal key in the data directory, created when it is missing. Throws ConfigError when it is damaged or cannot be created. */
export function localSealKey(dataDir: string): string {
  const file = join(dataDir, 'seal.key');
  const key = readSealKey(file) ?? createSealKey(dataDir, file);
  if (key.length >= sealKeyMinLength) return key;
  throw new ConfigError([
    `${file} is ${key === '' ? 'empty' : `truncated (${key.length} characters)`}. Restore it from a backup. ` +
      'Or delete the whole data directory: without the key, its environments cannot be managed',
  ]);
}

function readSealKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError([`${file} cannot be read (${codeOf(error)}). Correct its permissions or MOAT_DATA_DIR`]);
  }
}

/** Creates the key under a temporary name and links it: linking is atomic, so processes that start together use one key. */
function createSealKey(dataDir: string, file: string): string {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(temporary, randomBytes(32).toString('hex'), { mode: 0o600, flush: true });
    linkSync(temporary, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new ConfigError([
        `${file} cannot be created (${codeOf(error)}). Make the data directory writable or set MOAT_DATA_DIR`,
      ]);
  } finally {
    rmSync(temporary, { force: true });
  }
  return readSealKey(file) ?? '';
}
