import type { Operation, Cloud } from './model.ts';

/**
 * When to poll next. Real seconds times the scale, at least 1, since 0 counts as absent; beside it milliseconds while the
 * clock runs fast, never longer than the operation still takes.
 */
export function retryAfterHeaders(
  cloud: Cloud,
  operation: Pick<Operation, 'endsAt'>,
  realSeconds: number | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (realSeconds !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.round(realSeconds * cloud.timeScale)));
  if (cloud.timeScale < 1) {
    const left = (operation.endsAt ?? Infinity) - cloud.now();
    const wait = Math.min((realSeconds ?? 5) * 1000 * cloud.timeScale, left);
    headers['x-ms-retry-after-ms'] = String(Math.max(20, Math.ceil(wait)));
  }
  return headers;
}
