import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApiKeys } from '../src/config/apiKeysFile.ts';
import { parseApiKeys } from '../src/config/apiKeys.ts';

const [hashA, hashB] = ['aa'.repeat(32), 'bb'.repeat(32)];

/** The keys of a file that is checked each time they are needed. */
function startKeys(text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'moat-keys-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'keys');
  writeFileSync(file, text);
  const reports: string[] = [];
  const keys = createApiKeys(file, (message) => reports.push(message), 0);
  return { file, reports, owners: () => keys().map(({ owner }) => owner) };
}

test('added and removed keys count without a restart', () => {
  const { file, reports, owners } = startKeys(`ana ${hashA}\n`);
  expect(owners()).toEqual(['ana']);
  writeFileSync(file, `ana ${hashA}\nbob ${hashB}\n`);
  expect(owners()).toEqual(['ana', 'bob']);
  writeFileSync(file, `bob ${hashB}\n`);
  expect(owners()).toEqual(['bob']);
  expect(reports).toEqual(['API keys reloaded: 2', 'API keys reloaded: 1']);
});

test('a file that is replaced by one of the same size and time counts as changed', () => {
  const { file, owners } = startKeys(`ana ${hashA}\n`);
  expect(owners()).toEqual(['ana']);
  const time = new Date('2026-11-27T12:00:00Z');
  utimesSync(file, time, time);
  expect(owners()).toEqual(['ana']);
  writeFileSync(`${file}.new`, `bob ${hashA}\n`);
  utimesSync(`${file}.new`, time, time);
  renameSync(`${file}.new`, file);
  expect(owners()).toEqual(['bob']);
});

test('a version with an error keeps the keys before it, and is reported once, without its content', () => {
  const { file, reports, owners } = startKeys(`ana ${hashA}\n`);
  expect(owners()).toEqual(['ana']);
  writeFileSync(file, `ana ${hashA}\nbob hunter2\n`);
  expect([owners(), owners()]).toEqual([['ana'], ['ana']]);
  expect(reports).toEqual([expect.stringMatching(/^API keys unchanged: MOAT_API_KEYS_FILE line 2 is not/)]);
  expect(reports.join()).not.toContain('hunter2');
  rmSync(file);
  expect(owners()).toEqual(['ana']);
  expect(reports.at(-1)).toMatch(/^API keys unchanged: MOAT_API_KEYS_FILE cannot be read/);
  writeFileSync(file, '# nobody\n');
  expect(owners()).toEqual(['ana']);
  expect(reports.at(-1)).toBe('API keys unchanged: MOAT_API_KEYS_FILE contains no key');
  writeFileSync(file, `bob ${hashB}\n`);
  expect(owners()).toEqual(['bob']);
});

test('the file is not read more often than once an interval', () => {
  const { file } = startKeys(`ana ${hashA}\n`);
  const keys = createApiKeys(file, () => {}, 3_600_000);
  expect(keys()).toHaveLength(1);
  rmSync(file);
  writeFileSync(file, `bob ${hashB}\n`);
  expect(keys()).toMatchObject([{ owner: 'ana' }]);
});

test('an owner may have several keys, each with a role and an end', () => {
  const errors: string[] = [];
  const text = `ana ${hashA}\nana ${hashB} role=operator expires=2027-01-01T00:00Z\neve ${hashB} role=reader\n`;
  expect(parseApiKeys(text, errors)).toEqual([
    { owner: 'ana', sha256: hashA, role: 'owner', expiresAt: null },
    { owner: 'ana', sha256: hashB, role: 'operator', expiresAt: '2027-01-01T00:00Z' },
    { owner: 'eve', sha256: hashB, role: 'reader', expiresAt: null },
  ]);
  expect(errors).toEqual([]);
});

test.each([
  'role=admin',
  'role=',
  'role',
  'expires=tomorrow',
  'expires=2027-13-01T00:00:00Z',
  'expires=2027-01-01',
  'expires=2027-01-01T00:00:00+01:00',
  'hunter2',
  'note=x',
])('an invalid option is an error: %s', (option) => {
  const errors: string[] = [];
  parseApiKeys(`ana ${hashA} ${option}\n`, errors);
  expect(errors).toEqual([
    expect.stringMatching(/^MOAT_API_KEYS_FILE line 1 is not `<owner> <SHA-256 of the key> \[role=/),
  ]);
});
