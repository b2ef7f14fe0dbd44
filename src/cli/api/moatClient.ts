import { createClient, createConfig } from '../../client/client/index.ts';
import type { Client } from '../../client/client/index.ts';
import { createFetch } from './retryingFetch.ts';

/** Where Moat is, and the key that is sent to it. */
export interface Connection {
  /** without a slash at its end */
  url: string;
  apiKey?: string | undefined;
}

/** Options of every call of the generated client: errors are thrown, as CliError. */
export interface Api {
  client: Client;
  throwOnError: true;
}

/** A client of one Moat. `notify` receives a line when a request waits for Moat to become available. */
export function createApi({ url, apiKey }: Connection, notify: (line: string) => void): Api {
  const auth = apiKey === undefined ? {} : { auth: () => apiKey };
  return {
    client: createClient(createConfig({ baseUrl: url, fetch: createFetch(notify), ...auth })),
    throwOnError: true,
  };
}
