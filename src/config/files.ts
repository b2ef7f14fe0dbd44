import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './configError.ts';

const sealKeyMinLength = 32;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

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
