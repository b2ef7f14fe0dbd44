import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextFreePort, portIsFree } from '../ports.ts';
import { waitFor } from '../wait.ts';

export interface TemporalPorts {
  port: number;
  uiPort: number;
}

const defaultPorts: TemporalPorts = { port: 7233, uiPort: 8233 };

const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

/** Undefined when there is no file or its content is invalid: then other ports are used. */
function previousPorts(file: string): TemporalPorts | undefined {
  try {
    const ports = JSON.parse(readFileSync(file, 'utf8')) as TemporalPorts;
    return isPort(ports.port) && isPort(ports.uiPort) ? ports : undefined;
  } catch {
    return undefined;
  }
}

/** A server that is shutting down may hold the port of this data directory for a moment. */
async function reusePort(port: number): Promise<number> {
  const wait = { what: `port ${port}`, limit: 5_000 };
  return waitFor(wait, async () => ((await portIsFree(port)) ? port : undefined)).catch(() => nextFreePort(port));
}

/** Ports of the development server: those of the last start with this data directory, else 7233 and 8233, else the next free ones. */
export async function temporalPorts(dataDir: string): Promise<TemporalPorts> {
  const file = join(dataDir, 'ports.json');
  const previous = previousPorts(file);
  const port = previous ? await reusePort(previous.port) : await nextFreePort(defaultPorts.port);
  const uiPort = previous ? await reusePort(previous.uiPort) : await nextFreePort(defaultPorts.uiPort);
  const ports = { port, uiPort };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(ports));
  renameSync(`${file}.new`, file);
  return ports;
}
