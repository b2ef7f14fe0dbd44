import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, RunRecord } from '../src/domain/environment.ts';
import type { SecretScan } from './secretScan.ts';

export interface ApiResponse {
  status: number;
  body: unknown;
}

const retryLimitMs = 120_000;

/** A client of the API. Requests without an answer, or with 5xx other than 502, are repeated for two minutes. Every answer is scanned for secrets. */
export function createApiClient(url: string, scan: SecretScan, signal: AbortSignal) {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    for (const end = Date.now() + retryLimitMs; ;) {
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
        });
        const text = await response.text();
        scan.add(`answer to ${method} ${path}`, text);
        if (response.status < 500 || response.status === 502) {
          return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
        }
        if (Date.now() > end) return { status: response.status, body: text };
      } catch (error) {
        signal.throwIfAborted();
        if (Date.now() > end) throw new Error(`${method} ${path}`, { cause: error });
      }
      await sleep(200);
    }
  }
  return {
    call,
    /** Undefined when the environment does not exist. */
    async get(name: string): Promise<Environment | undefined> {
      const { status, body } = await call('GET', `/environments/${name}`);
      return status === 200 ? (body as Environment) : undefined;
    },
    async runs(name: string): Promise<RunRecord[]> {
      const { status, body } = await call('GET', `/environments/${name}/runs`);
      if (status !== 200) throw new Error(`GET runs of ${name}: ${status}`);
      return (body as { items: RunRecord[] }).items;
    },
  };
}

export type ApiClient = ReturnType<typeof createApiClient>;
