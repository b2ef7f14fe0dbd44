import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ArmObserver } from '../../azure/armObserver.ts';
import { anyFreePort } from '../ports.ts';
import { withPortRemedy } from '../processErrors.ts';
import { createArmMetrics } from './armMetrics.ts';
import { createRunMetrics } from './runMetrics.ts';
import type { RunMetrics } from './runMetrics.ts';

export interface WorkerMetrics {
  arm: ArmObserver;
  runs: RunMetrics;
  /** where Temporal's runtime serves its own metrics, which `GET /metrics` includes */
  sdkAddress: string;
  close(): Promise<void>;
}

/** Serves the metrics of this worker, and those of Temporal's runtime in it, at `GET /metrics`. */
export async function startMetrics({ host, port }: { host: string; port: number }): Promise<WorkerMetrics> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // The runtime can serve its metrics on a port only, and cannot choose it.
  const sdkAddress = `127.0.0.1:${await anyFreePort()}`;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    readAll(registry, sdkAddress).then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: Error) => response.writeHead(500, { 'content-type': 'text/plain' }).end(error.message),
    );
  });
  await listen(server, host, port);
  return {
    arm: createArmMetrics(registry),
    runs: createRunMetrics(registry),
    sdkAddress,
    close: () => close(server),
  };
}

/** Both expositions, one after the other: their names have different prefixes. */
async function readAll(registry: Registry, sdkAddress: string): Promise<string> {
  const [own, sdk] = await Promise.all([registry.metrics(), fetch(`http://${sdkAddress}/metrics`)]);
  return `${own}\n${await sdk.text()}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise.catch((error: Error) => {
    throw withPortRemedy(error, 'MOAT_METRICS_PORT');
  });
}
