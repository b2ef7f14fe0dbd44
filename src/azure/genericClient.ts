import { createRestError } from '@azure-rest/core-client';
import type { Client } from '@azure-rest/core-client';

type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** ARM by path and api-version, for what the typed packages lack. Throws RestError on any status from 400 on. */
export interface GenericClient {
  send(
    method: Method,
    path: string,
    apiVersion: string,
    extra?: { body?: unknown; query?: Record<string, string> },
  ): Promise<unknown>;
  /** all items of a paged list */
  list(path: string, apiVersion: string, query?: Record<string, string>): Promise<unknown[]>;
}

interface Page {
  value?: unknown[];
  nextLink?: string;
}

export function createGenericClient(client: Client): GenericClient {
  const request = async (
    method: Method,
    path: string,
    options: { queryParameters?: Record<string, string>; body?: unknown },
  ) => {
    const resource = client.pathUnchecked(path);
    const response = await {
      GET: resource.get,
      PUT: resource.put,
      PATCH: resource.patch,
      POST: resource.post,
      DELETE: resource.delete,
    }[method](options);
    if (Number(response.status) >= 400) throw createRestError(response);
    return response.body as unknown;
  };
  return {
    send: (method, path, apiVersion, { body, query } = {}) =>
      request(method, path, {
        queryParameters: { ...query, 'api-version': apiVersion },
        ...(body === undefined ? {} : { body }),
      }),
    async list(path, apiVersion, query) {
      let page = (await request('GET', path, { queryParameters: { ...query, 'api-version': apiVersion } })) as Page;
      const items = [...(page.value ?? [])];
      while (page.nextLink) {
        page = (await request('GET', page.nextLink, {})) as Page;
        items.push(...(page.value ?? []));
      }
      return items;
    },
  };
}
