import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Shorter runs of letters and digits are words, not secrets. */
const shortest = 12;
const words = (text: string): string[] => text.match(/[A-Za-z0-9]{12,}/g) ?? [];

/** Tokens of the emulated machine's identity, and those in the form of Microsoft Entra's: no secrets that the emulator keeps. */
const tokens = /emulated-token\.[\w-]{16,}|eyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]*/;

/** Without the escapes of JSON (also of JSON in JSON) and of URLs, whose letters would join the words that they end. */
const unescaped = (text: string): string => text.replaceAll(/\\+(?:u[0-9a-fA-F]{4}|[nrtbf])?|%[0-9a-fA-F]{2}/g, ' ');

/** What is written in base64 in a text, where that is text itself. */
const decoded = (text: string): string[] =>
  (text.match(/[A-Za-z0-9+/_-]{24,}/g) ?? [])
    .map((word) => Buffer.from(word, 'base64').toString('utf8'))
    .filter((inner) => !/\ufffd|[^\P{C}\s]/u.test(inner));

/** The part of a secret by which it would be known: its longest run of letters and digits. */
const markOf = (secret: string): string => words(secret).toSorted((a, b) => b.length - a.length)[0] ?? '';

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** What the emulator keeps and never answers: keys and passwords of every resource that it ever had. Its journal is the only place where they are. */
export function emulatedSecrets(dataDir: string): string[] {
  const seen = new Set<string>();
  for (const line of readFileSync(join(dataDir, 'emulator.jsonl'), 'utf8').split('\n')) {
    if (!line.includes('"secrets"')) continue;
    let changes: unknown[][];
    try {
      changes = JSON.parse(line) as unknown[][];
    } catch {
      continue; // the last line of a killed emulator
    }
    for (const [, , value] of changes)
      for (const secret of texts((value as { secrets?: unknown } | undefined)?.secrets)) seen.add(secret);
  }
  // what a zone group remembers of its records are ids
  return [...seen].filter((secret) => markOf(secret).length >= shortest && !secret.startsWith('/subscriptions/'));
}

/** Remembers what was seen where, to search it for secrets that become known later. */
export function createSecretSearch() {
  const seen = new Map<string, string>();
  const secrets = new Set<string>();
  const withToken = new Set<string>();
  function see(where: string, text: string): void {
    const plain = unescaped(text);
    if (tokens.test(plain)) withToken.add(where);
    for (const word of words(plain)) if (!seen.has(word)) seen.set(word, where);
    for (const inner of decoded(plain)) see(where, inner);
  }
  return {
    see,
    learn(some: readonly string[]): void {
      for (const secret of some) secrets.add(markOf(secret));
    },
    seeLogs(directory: string): void {
      for (const file of readdirSync(directory)) see(`log of ${file}`, readFileSync(join(directory, file), 'utf8'));
    },
    /** where secrets and tokens were found; never they themselves */
    found: (): { where: string }[] => [
      ...[...secrets].flatMap((mark) => {
        const where = seen.get(mark);
        return where === undefined ? [] : [{ where }];
      }),
      ...[...withToken].map((where) => ({ where: `${where}: a token` })),
    ],
    count: (): number => secrets.size,
  };
}

export type SecretSearch = ReturnType<typeof createSecretSearch>;
