import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextFreePort, portIsFree } from '../ports.ts';
import { waitFor } from '../wait.ts';

export interface TemporalPorts {
  port: number;
  uiPort: number;
}

const usual: TemporalPorts = { port: 7233, uiPort: 8233 };

function remembered(file: string): TemporalPorts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TemporalPorts;
  } catch {
    return undefined;
  }
}

/** A port that this data directory used before may be held for a moment by a server that is just stopping. */
async function again(port: number): Promise<number> {
  const wait = { what: `port ${port}`, limit: 5_000 };
  return waitFor(wait, async () => ((await portIsFree(port)) ? port : undefined)).catch(() => nextFreePort(port));
}

/** The ports of the development server: those used before with this data directory, else 7233 and 8233, else the next free ones. */
export async function temporalPorts(dataDir: string): Promise<TemporalPorts> {
  const file = join(dataDir, 'ports.json');
  const before = remembered(file);
  const port = before ? await again(before.port) : await nextFreePort(usual.port);
  const uiPort = before ? await again(before.uiPort) : await nextFreePort(usual.uiPort);
  const ports = { port, uiPort };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(ports));
  renameSync(`${file}.new`, file);
  return ports;
}
