import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What the emulator keeps. `objects` is everything that is not an ARM resource. */
const tableNames = ['resources', 'operations', 'objects', 'faults', 'settings'] as const;
export type TableName = (typeof tableNames)[number];

/** One change: two members delete the key, three set it. A journal line is a list of them, one transaction. */
type Change = [table: TableName, key: string] | [table: TableName, key: string, value: unknown];

/**
 * The emulator's memory: tables in RAM behind a journal. `commit` appends every change since the last one as a single line,
 * so a process killed at any moment finds either the whole transaction again or nothing of it.
 */
export class Store {
  readonly #path: string;
  readonly #tables = new Map<TableName, Map<string, unknown>>(tableNames.map((name) => [name, new Map()]));
  readonly #dirty = new Map<string, [TableName, string]>();
  #file: number;

  /** Reads `{dataDir}/emulator.jsonl` and compacts it. Throws when a line other than the last is damaged. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#path = join(dataDir, 'emulator.jsonl');
    if (existsSync(this.#path)) this.#read();
    this.#file = this.#compact();
  }

  get(table: TableName, key: string): unknown {
    return this.#table(table).get(key);
  }

  set(table: TableName, key: string, value: unknown): void {
    this.#table(table).set(key, value);
    this.#dirty.set(`${table} ${key}`, [table, key]);
  }

  delete(table: TableName, key: string): void {
    if (this.#table(table).delete(key)) this.#dirty.set(`${table} ${key}`, [table, key]);
  }

  entries(table: TableName): MapIterator<[string, unknown]> {
    return this.#table(table).entries();
  }

  /** Writes what has changed; to be called before anybody is told of it. */
  commit(): void {
    if (this.#dirty.size === 0) return;
    const changes: Change[] = [...this.#dirty.values()].map(([table, key]) => this.#change(table, key));
    writeSync(this.#file, `${JSON.stringify(changes)}\n`);
    this.#dirty.clear();
  }

  /** Forgets everything. */
  wipe(): void {
    for (const table of this.#tables.values()) table.clear();
    this.#dirty.clear();
    closeSync(this.#file);
    this.#file = this.#compact();
  }

  close(): void {
    this.commit();
    closeSync(this.#file);
  }

  #table(name: TableName): Map<string, unknown> {
    return this.#tables.get(name) as Map<string, unknown>;
  }

  #change(table: TableName, key: string): Change {
    const value = this.#table(table).get(key);
    return value === undefined ? [table, key] : [table, key, value];
  }

  #read(): void {
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    for (const [number, line] of lines.entries()) {
      if (line === '') continue;
      let changes: Change[];
      try {
        changes = JSON.parse(line) as Change[];
      } catch (error) {
        // Only the last write can be torn: it was never answered, so nobody knows of it.
        if (number >= lines.length - 1) return;
        throw new Error(`${this.#path}, line ${number + 1}: not a transaction; the journal is damaged`, {
          cause: error,
        });
      }
      for (const [table, key, value] of changes) {
        if (value === undefined) this.#table(table).delete(key);
        else this.#table(table).set(key, value);
      }
    }
  }

  #compact(): number {
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, 'w');
    for (const [name, table] of this.#tables)
      for (const [key, value] of table) writeSync(file, `${JSON.stringify([[name, key, value]])}\n`);
    fsyncSync(file);
    renameSync(fresh, this.#path);
    return file;
  }
}
