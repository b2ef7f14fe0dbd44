import { readFileSync } from 'node:fs';

/** An API key's owner and the SHA-256 of the key, in hexadecimal. */
export interface ApiKey {
  owner: string;
  sha256: string;
}

/** One line per key: `<owner> <SHA-256 of the key>`. Empty lines and lines that begin with # are skipped. Adds a message for each invalid line to `errors`. */
export function readApiKeys(file: string | undefined, errors: string[]): ApiKey[] | null {
  if (file === undefined) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    errors.push(`MOAT_API_KEYS_FILE cannot be read: ${(error as Error).message}`);
    return null;
  }
  const keys: ApiKey[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9@._+-]{0,127})\s+([0-9a-fA-F]{64})\s*$/.exec(line);
    if (match) keys.push({ owner: match[1]!, sha256: match[2]!.toLowerCase() });
    else errors.push(`MOAT_API_KEYS_FILE line ${index + 1} is not \`<owner> <SHA-256 of the key>\``);
  }
  if (keys.length === 0) errors.push('MOAT_API_KEYS_FILE contains no key');
  return keys;
}
