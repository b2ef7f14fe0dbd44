import { Journal, JournalError } from './journal.ts';
import type { JournalOptions } from './journal.ts';

/** What the emulator persists. `objects` is everything that is not an ARM resource. */
const tableNames = ['resources', 'operations', 'objects', 'faults', 'settings'] as const;
export type TableName = (typeof tableNames)[number];

/** All tables, each as an object by key. */
export type Snapshot = Record<TableName, Record<string, unknown>>;

/** One change: two members delete the key, three set it. A journal line is a list of them, one transaction. */
type Change = [table: TableName, key: string] | [table: TableName, key: string, value: unknown];

/**
 * The emulator's state: tables in memory with a journal on disk. `commit` appends every change since the last commit as
 * one line, so after a crash either the whole transaction is there or nothing of it. When the line cannot be written, the
 * tables are reloaded from the journal: memory is never ahead of the disk.
 */
export class Store {
  readonly #journal: Journal;
  readonly #tables = new Map<TableName, Map<string, unknown>>(tableNames.map((name) => [name, new Map()]));
  readonly #dirty = new Map<string, [TableName, string]>();
  readonly #reloaded: (() => void)[] = [];
  #generation = 0;

  /** Reads `{dataDir}/emulator.jsonl` and compacts it. Throws an Error that names the file when it cannot be read or created. */
  constructor(dataDir: string, options: JournalOptions = {}) {
    this.#journal = new Journal(dataDir, () => this.#lines(), options);
    this.#journal.load((line) => this.#apply(line));
    this.#journal.open();
  }

  /** Counts reloads. A transaction that spans one has lost its changes; `commit` refuses it. */
  get generation(): number {
    return this.#generation;
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

  /**
   * Writes all changes; called before a reply is sent. Throws JournalError, and undoes the changes, when they cannot be
   * written or when a reload since `generation` has dropped a part of them.
   */
  commit(generation = this.#generation): void {
    if (generation !== this.#generation) {
      if (this.#dirty.size > 0) this.#reload();
      throw new JournalError('The request was rolled back: the journal could not be written while it was executed.');
    }
    if (this.#dirty.size === 0) return;
    const changes: Change[] = [...this.#dirty.values()].map(([table, key]) => this.#change(table, key));
    this.#orReload(() => this.#journal.append(JSON.stringify(changes)));
    this.#dirty.clear();
  }

  /** Throws JournalError while the journal cannot be written; see `Journal.assertWritable`. */
  assertWritable(): void {
    this.#journal.assertWritable();
  }

  /** Writes to the disk to find out whether that is possible. Throws JournalError when it is not. */
  probe(): void {
    this.#journal.probe();
  }

  /** `listener` runs after every reload: objects from before are stale. */
  onReload(listener: () => void): void {
    this.#reloaded.push(listener);
  }

  /** Deletes everything. */
  wipe(): void {
    this.#clear();
    this.#orReload(() => this.#journal.rewrite());
  }

  /** Everything, by table: for `restore`. */
  snapshot(): Snapshot {
    return Object.fromEntries(tableNames.map((name) => [name, Object.fromEntries(this.#table(name))])) as Snapshot;
  }

  /**
   * Replaces everything by a snapshot, on disk too; listeners of `onReload` run. Throws an Error, and changes nothing, when it is no snapshot;
   * throws JournalError, and changes nothing, when it cannot be written.
   */
  restore(snapshot: Record<string, unknown>): void {
    const unknown = Object.keys(snapshot).find((name) => !tableNames.some((known) => known === name));
    if (unknown !== undefined) throw new Error(`"${unknown}" is no part of a state`);
    const changes = tableNames.flatMap((table) =>
      Object.entries(entriesOf(table, snapshot[table])).map(([key, value]) => [table, key, value]),
    );
    const checked = changesOf(changes);
    this.#clear();
    for (const [table, key, value] of checked) this.#table(table).set(key, value);
    this.#orReload(() => this.#journal.rewrite());
    this.#announceReload();
  }

  /** Closes the file. Changes that were not committed belong to no reply and are dropped. */
  close(): void {
    this.#journal.close();
  }

  #orReload(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#reload();
      throw error;
    }
  }

  #reload(): void {
    this.#clear();
    this.#journal.load((line) => this.#apply(line));
    this.#announceReload();
  }

  #announceReload(): void {
    this.#generation += 1;
    for (const listener of this.#reloaded) listener();
  }

  #clear(): void {
    for (const table of this.#tables.values()) table.clear();
    this.#dirty.clear();
  }

  #table(name: TableName): Map<string, unknown> {
    return this.#tables.get(name) as Map<string, unknown>;
  }

  #change(table: TableName, key: string): Change {
    const value = this.#table(table).get(key);
    return value === undefined ? [table, key] : [table, key, value];
  }

  /** Throws on a line that is not a transaction; nothing of it is applied then. */
  #apply(line: string): void {
    for (const [table, key, value] of changesOf(JSON.parse(line))) {
      if (value === undefined) this.#table(table).delete(key);
      else this.#table(table).set(key, value);
    }
  }

  *#lines(): Generator<string> {
    for (const [name, table] of this.#tables)
      for (const [key, value] of table) yield JSON.stringify([[name, key, value]]);
  }
}

/** Tables whose values are JSON objects; a damaged line may hold something else. */
const objectTables: ReadonlySet<unknown> = new Set<TableName>(['resources', 'operations', 'faults']);

function isChange(change: unknown): boolean {
  if (!Array.isArray(change) || change.length < 2 || change.length > 3) return false;
  const [table, key, content] = change as unknown[];
  const known = typeof key === 'string' && tableNames.some((name) => name === table);
  const isObject = typeof content === 'object' && content !== null;
  return known && (change.length === 2 || isObject || !objectTables.has(table));
}

function entriesOf(table: TableName, entries: unknown): Record<string, unknown> {
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries))
    throw new Error(`"${table}" must be an object`);
  return entries as Record<string, unknown>;
}

function changesOf(value: unknown): Change[] {
  if (!Array.isArray(value) || !value.every(isChange)) throw new Error('it holds what is no part of the state');
  return value as Change[];
}
