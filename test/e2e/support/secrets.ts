import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Members below `secrets` in the emulator's journal that are not secret. */
const notSecret = /^(addresses|written|effectiveAt|privateByDefault|keyName|permissions|creationTime|link)$/;
/** JWTs, as Microsoft Entra issues them. */
const tokens = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => (notSecret.test(name) ? [] : textsIn(member)));
}

/** Every secret that the emulator created or returned, from its journal, with the resource it belongs to. */
export async function azureSecrets(dataDir: string): Promise<{ of: string; value: string }[]> {
  const journal = await readFile(join(dataDir, 'emulator.jsonl'), 'utf8');
  const changes = journal
    .split('\n')
    .filter((line) => line.startsWith('['))
    .flatMap((line) => JSON.parse(line) as [table: string, key: string, value?: { secrets?: unknown }][]);
  const stored = changes.flatMap(([table, key, value]) =>
    table === 'resources' ? textsIn(value?.secrets).map((text) => ({ of: key, value: text })) : [],
  );
  const tokensIssued = [...journal.matchAll(tokens)].map(([value]) => ({ of: 'a token', value }));
  const all = new Map(
    [...stored, ...tokensIssued].filter(({ value }) => value.length >= 16).map((secret) => [secret.value, secret]),
  );
  return [...all.values()];
}
