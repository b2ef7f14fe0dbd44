import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Whether nothing listens on 127.0.0.1:`port`. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that the operating system chooses, free now. */
export function anyFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject).listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
  return promise;
}

/** The first free port from `port` on. Throws when a hundred ports are in use. */
export async function nextFreePort(port: number): Promise<number> {
  for (let candidate = port; candidate < port + 100; candidate += 1) {
    if (await portIsFree(candidate)) return candidate;
  }
  throw new Error(`ports ${port} to ${port + 99} are all in use`);
}
