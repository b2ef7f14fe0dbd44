import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('histories/', import.meta.url));

/** Names of the recorded histories: `{workflow type}-{how it ended or stands}`. */
export const historyNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();

export const readHistory = (name: string): string => readFileSync(`${folder}${name}.json`, 'utf8');

/**
 * Keeps a history without what tells of the machine that it was recorded on: worker identities and stack traces. One that is
 * there already stays: it is of an earlier version.
 */
export function writeHistory(name: string, json: string): void {
  if (historyNames().includes(name)) return;
  const clean = JSON.stringify(JSON.parse(json), (key, value: unknown) =>
    key === 'identity' ? 'worker' : key === 'stackTrace' ? '' : value,
  ).replaceAll(/\d+@[\w.-]+/g, 'worker');
  writeFileSync(`${folder}${name}.json`, `${clean}\n`);
}
