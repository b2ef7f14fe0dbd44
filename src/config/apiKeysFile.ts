import { statSync } from 'node:fs';
import { readApiKeys } from './apiKeys.ts';
import type { ApiKey } from './apiKeys.ts';

/** A revoked key is refused after at most this time. */
const usualIntervalMs = 1_000;

/** Changes with the file's content. A file that is replaced has another inode, also where its time and size are the same. */
function versionOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : 'missing';
}

/**
 * Returns the keys of a file, read again when it has changed; that is checked when keys are needed, once an interval. A version with errors
 * changes nothing: it is reported once, and the keys before it remain valid.
 */
export function createApiKeys(
  file: string,
  report: (message: string) => void,
  intervalMs = usualIntervalMs,
): () => readonly ApiKey[] {
  let keys: readonly ApiKey[] = [];
  let version: string | undefined;
  let checkedAt = -Infinity;

  function refresh(): void {
    const found = versionOf(file);
    if (found === version) return;
    const isFirst = version === undefined;
    version = found;
    const errors: string[] = [];
    const read = readApiKeys(file, errors) ?? [];
    if (errors.length > 0) return report(`API keys unchanged: ${errors.join('; ')}`);
    keys = read;
    if (!isFirst) report(`API keys reloaded: ${keys.length}`);
  }

  return () => {
    if (performance.now() - checkedAt >= intervalMs) {
      checkedAt = performance.now();
      refresh();
    }
    return keys;
  };
}
