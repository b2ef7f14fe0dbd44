import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JournalError } from '../../src/emulator/state/journal.ts';
import type { LogLine } from '../../src/emulator/state/journal.ts';
import { Store } from '../../src/emulator/state/store.ts';

let directory: string;
let journal: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'moat-journal-'));
  journal = join(directory, 'emulator.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const objectsOf = (store: Store): Record<string, unknown> => Object.fromEntries(store.entries('objects'));

function put(store: Store, key: string, value: unknown): void {
  store.set('objects', key, value);
  store.commit();
}

/** Opens a journal with this content; returns what was recovered, the saved rest of the file, and the log. */
function recover(content: Uint8Array): { objects: Record<string, unknown>; saved: Buffer | undefined; log: string } {
  const scratch = mkdtempSync(join(directory, 'copy-'));
  writeFileSync(join(scratch, 'emulator.jsonl'), content);
  const lines: LogLine[] = [];
  const store = new Store(scratch, { log: (line) => lines.push(line) });
  const objects = objectsOf(store);
  put(store, 'later', 1);
  store.close();
  expect(objectsOf(new Store(scratch))).toEqual({ ...objects, later: 1 });
  const copy = readdirSync(scratch).find((file) => file.includes('.damaged-'));
  return {
    objects,
    saved: copy === undefined ? undefined : readFileSync(join(scratch, copy)),
    log: lines.map(({ message }) => message).join('\n'),
  };
}

/** A disk with room for `free` bytes more: it first writes short, then fails. */
function smallDisk(free: number): { free: number; write: typeof writeSync } {
  const disk = {
    free,
    write: (file: number, bytes: Uint8Array, offset: number, length: number, position: number): number => {
      if (disk.free === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const fits = Math.min(length, disk.free);
      disk.free -= fits;
      return writeSync(file, bytes, offset, fits, position);
    },
  };
  return disk as { free: number; write: typeof writeSync };
}

describe('a damaged journal', () => {
  const transactions = [
    [['objects', 'a', 1]],
    [
      ['objects', 'b', 'Grüße'],
      ['objects', 'c', { d: [] }],
    ],
    [
      ['objects', 'a'],
      ['objects', 'e', null],
    ],
  ];
  const content = Buffer.from(transactions.map((changes) => `${JSON.stringify(changes)}\n`).join(''));
  const states = [{}, { a: 1 }, { a: 1, b: 'Grüße', c: { d: [] } }, { b: 'Grüße', c: { d: [] }, e: null }];

  test('truncated at any byte, it yields the complete transactions, and a copy of the torn one', () => {
    const lines = transactions.map((changes) => Buffer.from(JSON.stringify(changes)));
    const ends = lines.map((_, index) => Buffer.concat(lines.slice(0, index + 1)).length + index);
    for (let length = 0; length <= content.length; length += 1) {
      // A last line that lacks only its newline is complete.
      const complete = ends.filter((end) => end <= length).length;
      const start = complete === 0 ? 0 : (ends[complete - 1] ?? 0) + 1;
      const { objects, saved } = recover(content.subarray(0, length));
      expect(objects, `after ${length} bytes`).toEqual(states[complete]);
      expect(saved, `after ${length} bytes`).toEqual(start < length ? content.subarray(start, length) : undefined);
    }
  });

  test.each([
    ['text', 'damaged\n'],
    ['null bytes', '\0\0\0\0\n'],
    ['another JSON value', '17\n'],
    ['an unknown table', '[["nowhere","k",1]]\n'],
    ['a resource that is no object', '[["resources","/subscriptions/s",5]]\n'],
    ['invalid UTF-8', Buffer.from([0x5b, 0xff, 0xfe, 0x0a])],
  ])('with %s in the middle, it keeps what comes before and copies the rest', (_, damage) => {
    const [first = ''] = content.toString().split('\n');
    const rest = Buffer.concat([Buffer.from(damage), content.subarray(first.length + 1)]);
    const { objects, saved, log } = recover(Buffer.concat([Buffer.from(`${first}\n`), rest]));
    expect(objects).toEqual({ a: 1 });
    expect(saved).toEqual(rest);
    expect(log).toMatch(/emulator\.jsonl was damaged: its last \d+ bytes were moved to .*\.damaged-/);
  });

  test('an empty file is an empty state', () => {
    expect(recover(Buffer.alloc(0))).toMatchObject({ objects: {}, saved: undefined, log: '' });
  });
});

describe('a full disk', () => {
  test('a transaction that does not fit leaves neither bytes in the file nor changes in memory', () => {
    const disk = smallDisk(Infinity);
    const store = new Store(directory, { write: disk.write });
    const value = { count: 1 };
    put(store, 'kept', value);
    const size = statSync(journal).size;
    disk.free = 10;
    value.count = 2;
    store.set('objects', 'kept', value);
    store.set('objects', 'lost', 1);
    expect(() => store.commit()).toThrow(JournalError);
    expect(statSync(journal).size).toBe(size);
    expect(objectsOf(store)).toEqual({ kept: { count: 1 } });
    expect(() => store.assertWritable()).toThrow(/Cannot write .*emulator\.jsonl: ENOSPC/);
    disk.free = Infinity;
    store.assertWritable();
    put(store, 'after', 1);
    store.close();
    expect(objectsOf(new Store(directory))).toEqual({ kept: { count: 1 }, after: 1 });
  });

  test('a line that needs several short writes is complete', () => {
    const write = ((file: number, bytes: Uint8Array, offset: number, length: number, position: number): number =>
      writeSync(file, bytes, offset, Math.min(3, length), position)) as typeof writeSync;
    const store = new Store(directory, { write });
    put(store, 'long', 'x'.repeat(100));
    store.close();
    expect(objectsOf(new Store(directory))).toEqual({ long: 'x'.repeat(100) });
  });

  test('a transaction that spans the failure of another one is refused', () => {
    const disk = smallDisk(Infinity);
    const store = new Store(directory, { write: disk.write });
    const { generation } = store;
    store.set('objects', 'early', 1);
    disk.free = 0;
    store.set('objects', 'other', 1);
    expect(() => store.commit()).toThrow(JournalError);
    disk.free = Infinity;
    store.set('objects', 'late', 1);
    expect(() => store.commit(generation)).toThrow(/rolled back/);
    expect(objectsOf(store)).toEqual({});
    store.close();
  });

  test('at start: it serves what the journal holds, and is writable once there is space', () => {
    const first = new Store(directory);
    put(first, 'kept', 1);
    first.close();
    const disk = smallDisk(5);
    const lines: LogLine[] = [];
    const store = new Store(directory, { write: disk.write, log: (line) => lines.push(line) });
    expect(objectsOf(store)).toEqual({ kept: 1 });
    expect(() => store.probe()).toThrow(JournalError);
    expect(readdirSync(directory)).toEqual(['emulator.jsonl']);
    disk.free = Infinity;
    store.probe();
    put(store, 'after', 1);
    store.close();
    expect(objectsOf(new Store(directory))).toEqual({ kept: 1, after: 1 });
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Cannot write .* Requests are answered 503/),
      expect.stringMatching(/can be written again/),
    ]);
  });

  test('a wipe that cannot be written changes nothing', () => {
    const disk = smallDisk(Infinity);
    const store = new Store(directory, { write: disk.write });
    put(store, 'kept', 1);
    mkdirSync(`${journal}.new`);
    expect(() => store.wipe()).toThrow(JournalError);
    expect(objectsOf(store)).toEqual({ kept: 1 });
    store.close();
  });
});

test('a closed store never touches the file of its successor', () => {
  const first = new Store(directory);
  put(first, 'early', 1);
  first.close();
  const second = new Store(directory);
  put(second, 'late', 1);
  first.set('objects', 'stale', 1);
  expect(() => first.commit()).toThrow(JournalError);
  expect(() => first.probe()).toThrow(JournalError);
  second.close();
  expect(objectsOf(new Store(directory))).toEqual({ early: 1, late: 1 });
});

test('a data directory that cannot be used is one line that names the file', () => {
  mkdirSync(journal);
  expect(() => new Store(directory)).toThrow(/^Cannot open .*emulator\.jsonl: EISDIR[^\n]*choose another one\.$/);
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => new Store(file)).toThrow(/^Cannot open .*file\/emulator\.jsonl: E(EXIST|NOTDIR)/);
});
