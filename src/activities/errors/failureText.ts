/** Secrets in a text that Azure or a container wrote: signatures in URLs, keys and tokens beside their names, JSON Web Tokens, account keys. */
const secrets: readonly [RegExp, string][] = [
  [/(https?:\/\/[^\s?'"/@]+(?:\/[^\s?'"]{0,2000})?)\?[^\s'"]+/g, '$1'],
  [/(\/\/[^\s/:@'"]{0,200}):[^\s/@'"]{1,200}@/g, '$1:***@'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '***'],
  [/\b[A-Za-z0-9+/]{86}==/g, '***'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [
    /((?:password|passwd|pwd|secret|token|credential|signature|sig|api[_-]?key|(?:account|access|shared|primary|secondary|subscription)[\w-]{0,10}key)["']?\s*[=:]\s*["']?)[^\s"',;&]{3,}/gi,
    '$1***',
  ],
];

/** A text without the secrets in it. */
export const redactSecrets = (text: string): string =>
  secrets.reduce((redacted, [pattern, replacement]) => redacted.replaceAll(pattern, replacement), text);

const decoder = new TextDecoder();
const slice = (bytes: Uint8Array, from: number, to?: number): string =>
  decoder.decode(bytes.subarray(from, to)).replaceAll('\uFFFD', '');

/** At most so many bytes of a text: its beginning and, because ARM often puts the cause last, its end. */
export function firstAndLast(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  const gap = ' … ';
  const kept = most - Buffer.byteLength(gap);
  const first = Math.ceil(kept * 0.6);
  return `${slice(bytes, 0, first)}${gap}${slice(bytes, bytes.length - (kept - first))}`;
}

/** The last lines of a text, in at most so many bytes. */
export function lastLines(text: string, lines: number, most: number): string {
  const bytes = Buffer.from(text.trimEnd().split('\n').slice(-lines).join('\n'));
  return slice(bytes, Math.max(0, bytes.length - most));
}
