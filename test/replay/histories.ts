import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('histories/', import.meta.url));

/** Names of the recorded histories: `{workflow type}-{ending}`. */
export const historyNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();

export const readHistory = (name: string): string => readFileSync(`${folder}${name}.json`, 'utf8');

/**
 * Writes a history without worker identities and stack traces, which would reveal the machine that recorded it. An existing history is
 * kept.
 */
export function writeHistory(name: string, json: string): void {
  if (historyNames().includes(name)) return;
  const anonymous = JSON.stringify(JSON.parse(json), (key, value: unknown) =>
    key === 'identity' ? 'worker' : key === 'stackTrace' ? '' : value,
  ).replaceAll(/\d+@[\w.-]+/g, 'worker');
  writeFileSync(`${folder}${name}.json`, `${anonymous}\n`);
}
