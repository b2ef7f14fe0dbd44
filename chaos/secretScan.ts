import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Shorter sequences of letters and digits are words, not secrets. */
const minLength = 12;
const words = (text: string): string[] => text.match(/[A-Za-z0-9]{12,}/g) ?? [];

/** Tokens of the emulated managed identity, and JWTs as issued by Microsoft Entra. The emulator does not store them, so they are found by their form. */
const tokens = /emulated-token\.[\w-]{16,}|eyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]*/;

/** Replaces escapes of JSON (also nested) and URLs with spaces; their letters would otherwise join adjacent words. */
const unescaped = (text: string): string => text.replaceAll(/\\+(?:u[0-9a-fA-F]{4}|[nrtbf])?|%[0-9a-fA-F]{2}/g, ' ');

/** Decoded base64 sequences of a text, where the result is text. */
const decoded = (text: string): string[] =>
  (text.match(/[A-Za-z0-9+/_-]{24,}/g) ?? [])
    .map((word) => Buffer.from(word, 'base64').toString('utf8'))
    .filter((inner) => !/\ufffd|[^\P{C}\s]/u.test(inner));

/** The part of a secret that is searched for: its longest sequence of letters and digits. */
const fingerprintOf = (secret: string): string => words(secret).toSorted((a, b) => b.length - a.length)[0] ?? '';

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Keys and passwords of all resources that ever existed, from the emulator's journal; the emulator does not return them. */
export function secretsInJournal(dataDir: string): string[] {
  const secrets = new Set<string>();
  for (const line of readFileSync(join(dataDir, 'emulator.jsonl'), 'utf8').split('\n')) {
    if (!line.includes('"secrets"')) continue;
    let changes: unknown[][];
    try {
      changes = JSON.parse(line) as unknown[][];
    } catch {
      continue; // incomplete last line of a killed emulator
    }
    for (const [, , value] of changes)
      for (const secret of texts((value as { secrets?: unknown } | undefined)?.secrets)) secrets.add(secret);
  }
  // a zone group stores ids of its records here
  return [...secrets].filter(
    (secret) => fingerprintOf(secret).length >= minLength && !secret.startsWith('/subscriptions/'),
  );
}

/** Records which words occurred where, so that secrets that become known later are found. */
export function createSecretScan() {
  const locations = new Map<string, string>();
  const secrets = new Set<string>();
  const tokenLocations = new Set<string>();
  function add(where: string, text: string): void {
    const plain = unescaped(text);
    if (tokens.test(plain)) tokenLocations.add(where);
    for (const word of words(plain)) if (!locations.has(word)) locations.set(word, where);
    for (const inner of decoded(plain)) add(where, inner);
  }
  return {
    add,
    addSecrets(values: readonly string[]): void {
      for (const secret of values) secrets.add(fingerprintOf(secret));
    },
    addLogs(directory: string): void {
      for (const file of readdirSync(directory)) add(`log of ${file}`, readFileSync(join(directory, file), 'utf8'));
    },
    /** locations of secrets and tokens, without their values */
    matches: (): { where: string }[] => [
      ...[...secrets].flatMap((fingerprint) => {
        const where = locations.get(fingerprint);
        return where === undefined ? [] : [{ where }];
      }),
      ...[...tokenLocations].map((where) => ({ where: `${where}: a token` })),
    ],
    count: (): number => secrets.size,
  };
}

export type SecretScan = ReturnType<typeof createSecretScan>;
