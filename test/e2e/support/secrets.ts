import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the emulator keeps apart under `secrets` that is no secret. */
const harmless = /^(addresses|written|effectiveAt|privateByDefault|keyName|permissions|creationTime)$/;
/** Tokens in the form of Microsoft Entra's. */
const tokens = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => (harmless.test(name) ? [] : textsIn(member)));
}

/** Every secret that the emulated Azure made or gave out, from all that it ever kept; by what each is a secret of. */
export async function azureSecrets(dataDir: string): Promise<{ of: string; value: string }[]> {
  const journal = await readFile(join(dataDir, 'emulator.jsonl'), 'utf8');
  const changes = journal
    .split('\n')
    .filter((line) => line.startsWith('['))
    .flatMap((line) => JSON.parse(line) as [table: string, key: string, value?: { secrets?: unknown }][]);
  const kept = changes.flatMap(([table, key, value]) =>
    table === 'resources' ? textsIn(value?.secrets).map((text) => ({ of: key, value: text })) : [],
  );
  const given = [...journal.matchAll(tokens)].map(([value]) => ({ of: 'a token', value }));
  const all = new Map([...kept, ...given].filter(({ value }) => value.length >= 16).map((one) => [one.value, one]));
  return [...all.values()];
}
