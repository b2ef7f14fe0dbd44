import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './configError.ts';
import { encryptionKeysPattern, parseEncryptionKeys } from './settings.ts';
import type { EncryptionKey } from './settings.ts';

const sealKeyMinLength = 32;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** The seal key in the data directory, created when it is missing. Throws ConfigError when it is damaged or cannot be created. */
export function localSealKey(dataDir: string): string {
  const file = join(dataDir, 'seal.key');
  const key = readKeyFile(file) ?? createKeyFile(dataDir, file, randomBytes(32).toString('hex'));
  if (key.length >= sealKeyMinLength) return key;
  throw new ConfigError([
    `${file} is ${key === '' ? 'empty' : `truncated (${key.length} characters)`}. Restore it from a backup. ` +
      'Or delete the whole data directory: without the key, its environments cannot be managed',
  ]);
}

const encryptionKeyFile = (dataDir: string): string => join(dataDir, 'encryption.key');

/** The encryption keys in the data directory, created when they are missing. Throws ConfigError when they are damaged or cannot be created. */
export function localEncryptionKeys(dataDir: string): EncryptionKey[] {
  return storedEncryptionKeys(dataDir) ?? createEncryptionKey(dataDir);
}

/** The encryption keys in the data directory, in the format of MOAT_ENCRYPTION_KEYS; undefined when there is no file. Throws ConfigError when they are damaged. */
export function storedEncryptionKeys(dataDir: string): EncryptionKey[] | undefined {
  const file = encryptionKeyFile(dataDir);
  const text = readKeyFile(file);
  return text === undefined ? undefined : keysIn(file, text);
}

/** The ID is random, so that the error about a lost key does not name the key that replaced it. */
function createEncryptionKey(dataDir: string): EncryptionKey[] {
  const file = encryptionKeyFile(dataDir);
  const created = `local-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`;
  return keysIn(file, createKeyFile(dataDir, file, created));
}

function keysIn(file: string, text: string): EncryptionKey[] {
  if (new RegExp(encryptionKeysPattern).test(text)) return parseEncryptionKeys(text);
  throw new ConfigError([
    `${file} is ${text === '' ? 'empty' : 'damaged'}. Restore it from a backup. ` +
      'Or delete the whole data directory: without the key, its environments cannot be read',
  ]);
}

function readKeyFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError([`${file} cannot be read (${codeOf(error)}). Correct its permissions or MOAT_DATA_DIR`]);
  }
}

/** Creates the file under a temporary name and links it: linking is atomic, so processes that start together use one key. Returns its content. */
function createKeyFile(dataDir: string, file: string, content: string): string {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    linkSync(temporary, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new ConfigError([
        `${file} cannot be created (${codeOf(error)}). Make the data directory writable or set MOAT_DATA_DIR`,
      ]);
  } finally {
    rmSync(temporary, { force: true });
  }
  return readKeyFile(file) ?? '';
}
