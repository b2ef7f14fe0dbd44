import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UnrecoverableError } from './processErrors.ts';
import { waitFor } from './wait.ts';

/** `moat`: Temporal's database and the ports; `emulator`: the emulator's journal. */
export type LockName = 'moat' | 'emulator';

interface Holder {
  pid: number;
  command: string;
  since: string;
}

const sqliteBusy = 5;
/** A predecessor that is shutting down may need this long. */
const waitMs = 8_000;
/** A lock lasts as long as its connection, which must not be collected as garbage. */
const held: DatabaseSync[] = [];

/**
 * Locks the data directory for this process until it ends, however it ends. Node has no flock; SQLite takes an operating system lock on
 * its file, which also works between containers that share a volume. Throws UnrecoverableError when another process holds the lock or the
 * directory is not writable.
 */
export async function lockDataDir(dataDir: string, name: LockName, command: string): Promise<void> {
  const infoFile = join(dataDir, `${name}.lock.json`);
  const wait = { what: `the lock of ${dataDir}`, limit: waitMs };
  const lock = await waitFor(wait, async () => tryLock(dataDir, name)).catch((error: unknown) => {
    if (error instanceof UnrecoverableError) throw error;
    throw new UnrecoverableError(
      `Data directory ${dataDir} is in use by ${describeHolder(infoFile)}. Stop that process, or set MOAT_DATA_DIR to another directory.`,
    );
  });
  held.push(lock);
  const holder: Holder = { pid: process.pid, command, since: new Date().toISOString() };
  writeFileSync(infoFile, JSON.stringify(holder));
}

/** Undefined when another process holds the lock. */
function tryLock(dataDir: string, name: LockName): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    database = new DatabaseSync(join(dataDir, `${name}.lock`), { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const { errcode, message } = error as Error & { errcode?: number };
    if (errcode === sqliteBusy) return undefined;
    throw new UnrecoverableError(
      `Data directory ${dataDir} is not writable (${name}.lock: ${message}). Make it writable, or set MOAT_DATA_DIR to another directory.`,
    );
  }
}

function describeHolder(infoFile: string): string {
  try {
    const { pid, command, since } = JSON.parse(readFileSync(infoFile, 'utf8')) as Holder;
    return `${command} (process ${pid}, since ${since})`;
  } catch {
    return 'another process';
  }
}
