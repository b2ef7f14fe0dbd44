import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** One answered request, as the SDKs' pollers do not show it: headers, status document, identifiers for support. */
export interface Exchange {
  method: string;
  url: string;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** What the requests of one piece of work share: its cancellation, and what was answered to them last. */
export interface Scope {
  signal?: AbortSignal;
  last?: Exchange;
  /** the last answer to a PUT, PATCH, POST or DELETE */
  write?: Exchange;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs `work` so that every request it sends is cancelled with `signal`. */
export const cancelledWith = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  scopes.run({ signal }, work);

/** Runs `work` and keeps what was answered to its requests in the scope that it is given. */
export function watched<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const outer = scopes.getStore();
  const scope: Scope = outer?.signal ? { signal: outer.signal } : {};
  return scopes.run(scope, () => work(scope));
}

/** Keeps each exchange in the scope at work and hands the scope's cancellation to the request. */
export function capturePolicy(onAnswer: (exchange: Exchange) => void): PipelinePolicy {
  return {
    name: 'capture',
    async sendRequest(request, next) {
      const scope = scopes.getStore();
      if (scope?.signal && !request.abortSignal) request.abortSignal = scope.signal;
      const response = await next(request);
      const exchange: Exchange = {
        method: request.method,
        url: request.url,
        status: response.status,
        headers: response.headers.toJSON(),
        body: parsed(response.bodyAsText),
      };
      onAnswer(exchange);
      if (scope) {
        scope.last = exchange;
        if (request.method !== 'GET' && request.method !== 'HEAD') scope.write = exchange;
      }
      return response;
    },
  };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
