import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { explainFileError, fileError } from './fileErrors.ts';

export type LogLine = { level: 'info' | 'error'; message: string };

export interface JournalOptions {
  log?: ((line: LogLine) => void) | undefined;
  /** replaced by tests to simulate a failing disk; default `fs.writeSync` */
  write?: (file: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;
}

/** The journal cannot be written at the moment: the request that needed it was not executed, or was rolled back. */
export class JournalError extends Error {}

/** Disk full, over quota, over the file size limit: may heal while the emulator is running. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Bytes written and truncated off by a probe; more than a usual transaction. */
const probeBytes = 16 * 1024;

/**
 * An append-only file of JSON lines, `{dataDir}/emulator.jsonl`. A line is either complete or not in the file: a failed or
 * short write is truncated off. `snapshot` returns the lines that a compacted journal consists of.
 */
export class Journal {
  readonly #path: string;
  readonly #snapshot: () => Iterable<string>;
  readonly #log: (line: LogLine) => void;
  readonly #writeSync: NonNullable<JournalOptions['write']>;
  #file: number | undefined;
  /** length of the good content of the file in bytes */
  #length = 0;
  #damagedTail: Buffer | undefined;
  #failure: JournalError | undefined;
  #closed = false;

  constructor(dataDir: string, snapshot: () => Iterable<string>, options: JournalOptions = {}) {
    this.#path = join(dataDir, 'emulator.jsonl');
    this.#snapshot = snapshot;
    this.#log = options.log ?? (() => undefined);
    this.#writeSync = options.write ?? writeSync;
    explainFileError(this.#path, () => mkdirSync(dataDir, { recursive: true }));
  }

  /**
   * Reads the file up to the first line that `apply` refuses by throwing; the rest is copied to a file of its own by
   * the next `compact`. Throws an Error that names the file when it cannot be read.
   */
  load(apply: (line: string) => void): void {
    if (this.#file === undefined && !existsSync(this.#path)) return;
    const content = explainFileError(this.#path, () => readFileSync(this.#path));
    const end = this.#file === undefined ? content.length : this.#length;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for (let from = 0; from < end;) {
      const newline = content.indexOf('\n', from);
      const to = newline === -1 ? end : newline;
      try {
        if (to > from) apply(decoder.decode(content.subarray(from, to)));
      } catch {
        this.#damagedTail = content.subarray(from, end);
        return;
      }
      from = to + 1;
    }
  }

  /**
   * Replaces the file by its snapshot. When the disk is full, the file stays as it is and the journal counts as not
   * writable. Throws an Error that names the file when it cannot be created at all.
   */
  open(): void {
    try {
      this.compact();
    } catch (error) {
      if (!fullCodes.has(codeOf(error))) throw fileError(this.#path, error);
      this.#fail(error);
    }
  }

  /** Replaces the file by its snapshot. Throws what the file system throws, and leaves the file as it was. */
  compact(): void {
    this.#saveDamagedTail();
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, 'w');
    let length = 0;
    try {
      for (const block of blocksOf(this.#snapshot())) length += this.#write(file, block, length);
      fsyncSync(file);
      renameSync(fresh, this.#path);
    } catch (error) {
      closeSync(file);
      rmSync(fresh, { force: true });
      throw error;
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
    this.#length = length;
  }

  /** As `compact`, but throws JournalError. */
  rewrite(): void {
    try {
      this.compact();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Appends one line. Throws JournalError when that is not possible; the file is then as before. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      this.#length += this.#write(this.#open, bytes, this.#length);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Throws JournalError while the journal cannot be written. Costs nothing unless the last write failed. */
  assertWritable(): void {
    if (this.#failure) this.probe();
  }

  /** Writes and removes some bytes. Throws JournalError when that is not possible. */
  probe(): void {
    try {
      // A request that outlives its emulator must not replace the file of the next one.
      if (this.#file === undefined && !this.#closed) this.compact();
      ftruncateSync(this.#open, this.#length);
      this.#write(this.#open, Buffer.alloc(probeBytes, '\n'), this.#length);
      ftruncateSync(this.#open, this.#length);
    } catch (error) {
      throw this.#fail(error);
    }
    if (this.#failure) this.#log({ level: 'error', message: `${this.#path} can be written again` });
    this.#failure = undefined;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#closed = true;
  }

  get #open(): number {
    if (this.#file === undefined) throw new JournalError(`${this.#path} is not open`);
    return this.#file;
  }

  /** Writes all bytes, however many writes that takes, and returns their number. */
  #write(file: number, bytes: Buffer, position: number): number {
    for (let done = 0; done < bytes.length;) {
      const written = this.#writeSync(file, bytes, done, bytes.length - done, position + done);
      if (written === 0) throw Object.assign(new Error('ENOSPC: nothing was written'), { code: 'ENOSPC' });
      done += written;
    }
    return bytes.length;
  }

  #saveDamagedTail(): void {
    if (!this.#damagedTail) return;
    const copy = `${this.#path}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    try {
      writeFileSync(copy, this.#damagedTail);
    } catch (error) {
      rmSync(copy, { force: true });
      throw error;
    }
    const size = this.#damagedTail.length;
    this.#damagedTail = undefined;
    this.#log({
      level: 'error',
      message: `${this.#path} was damaged: its last ${size} bytes were moved to ${copy}, everything before them was kept`,
    });
  }

  #fail(error: unknown): JournalError {
    if (this.#file !== undefined) {
      try {
        ftruncateSync(this.#file, this.#length);
      } catch {
        // Attempted again by every probe, before anything else is written.
      }
    }
    const failure = new JournalError(`Cannot write ${this.#path}: ${messageOf(error)}. Free disk space.`);
    if (!this.#failure && !this.#closed)
      this.#log({ level: 'error', message: `${failure.message} Requests are answered 503 until it can be written.` });
    return (this.#failure = failure);
  }
}

/** Lines in blocks of about this many characters, so that many short lines need few writes. */
const blockLength = 256 * 1024;

function* blocksOf(lines: Iterable<string>): Generator<Buffer> {
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < blockLength) continue;
    yield Buffer.from(block);
    block = '';
  }
  if (block !== '') yield Buffer.from(block);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
