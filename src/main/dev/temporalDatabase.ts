import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeError, UnrecoverableError } from '../processErrors.ts';
import { waitFor } from '../wait.ts';

/** The SQLite database of the development server. */
export const temporalDatabase = (dataDir: string): string => join(dataDir, 'temporal.db');

const sqliteBusy = 5;
const remedy =
  'Restore it from a backup, or delete the whole data directory to start without the environments that it records.';

/**
 * Checks the database before Temporal opens it: an empty or truncated file would lose environments, and two servers on one file would
 * corrupt it. A server that is shutting down is awaited. Throws UnrecoverableError.
 */
export async function checkTemporalDatabase(dataDir: string): Promise<void> {
  const file = temporalDatabase(dataDir);
  if (!existsSync(file)) return;
  checkSize(file);
  await waitFor({ what: file, limit: 15_000 }, async () => openExclusively(file) || undefined).catch(
    (error: unknown) => {
      if (error instanceof UnrecoverableError) throw error;
      throw new UnrecoverableError(`${file} is in use by another Temporal server. Stop that server and start again.`);
    },
  );
}

/** The header holds the page size at offset 16 and the number of pages at offset 28 (SQLite file format, 1.3). */
function checkSize(file: string): void {
  const { size } = statSync(file);
  if (size === 0) throw new UnrecoverableError(`${file} is empty. ${remedy}`);
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, header);
  closeSync(descriptor);
  const pageSize = header.readUInt16BE(16);
  const expected = (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(28);
  if (size < expected) throw new UnrecoverableError(`${file} is truncated (${size} of ${expected} bytes). ${remedy}`);
}

/** Whether no other process has the database open. */
function openExclusively(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT count(*) FROM sqlite_schema; ROLLBACK');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteBusy) return false;
    throw new UnrecoverableError(`${file} is not a usable database (${describeError(error)}). ${remedy}`);
  } finally {
    database?.close();
  }
}
