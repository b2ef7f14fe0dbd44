import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, RunRecord } from '../src/domain/environment.ts';
import type { SecretSearch } from './secrets.ts';

export interface Answer {
  status: number;
  body: unknown;
}

const patienceMs = 120_000;

/** A user with patience: what gets no answer, or 5xx, is asked again. Everything that was answered is searched for secrets later. */
export function clientOf(url: string, search: SecretSearch, signal: AbortSignal) {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    for (const end = Date.now() + patienceMs; ;) {
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
        });
        const text = await response.text();
        search.see(`answer to ${method} ${path}`, text);
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
    /** Undefined where there is none. */
    async get(name: string): Promise<Environment | undefined> {
      const { status, body } = await call('GET', `/environments/${name}`);
      return status === 200 ? (body as Environment) : undefined;
    },
    async runs(name: string): Promise<RunRecord[]> {
      const { status, body } = await call('GET', `/environments/${name}/runs`);
      if (status !== 200) throw new Error(`no runs of ${name}: ${status}`);
      return (body as { items: RunRecord[] }).items;
    },
  };
}

export type User = ReturnType<typeof clientOf>;
