import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Shorter runs of letters and digits are words, not secrets. */
const shortest = 16;
const words = (text: string): string[] => text.match(/[A-Za-z0-9]{16,}/g) ?? [];

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
  return [...seen].filter((secret) => markOf(secret).length >= shortest);
}

/** Remembers what was seen where, to search it for secrets that become known later. */
export function createSecretSearch() {
  const seen = new Map<string, string>();
  const secrets = new Set<string>();
  const see = (where: string, text: string): void => {
    for (const word of words(text)) if (!seen.has(word)) seen.set(word, where);
  };
  return {
    see,
    learn(some: readonly string[]): void {
      for (const secret of some) secrets.add(markOf(secret));
    },
    seeLogs(directory: string): void {
      for (const file of readdirSync(directory)) see(`log of ${file}`, readFileSync(join(directory, file), 'utf8'));
    },
    /** where secrets were found; never the secrets themselves */
    found: (): { where: string }[] =>
      [...secrets].flatMap((mark) => {
        const where = seen.get(mark);
        return where === undefined ? [] : [{ where }];
      }),
    count: (): number => secrets.size,
  };
}

export type SecretSearch = ReturnType<typeof createSecretSearch>;
