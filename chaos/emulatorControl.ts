import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScriptedFault, FaultRequest } from '../src/emulator/arm/faultScript.ts';

export interface EmulatedResource {
  id: string;
  type: string;
  state: string;
}

export interface EmulatedOperation {
  id: string;
  kind: 'create' | 'update' | 'delete' | 'action';
  resourceId: string;
  startedAt: number;
  endsAt: number | null;
  outcome: 'Succeeded' | 'Failed' | 'Canceled';
  settled: boolean;
}

export interface Throttling {
  taken: number;
  refused: number;
}

const retryLimitMs = 60_000;

/** The quotas that many environments at once exceed. */
const raisedQuotas = [
  'compute:cores',
  'compute:standardDSv5Family',
  'ml:standardDSv2Family',
  'ml:TotalDedicatedCores',
  'ml:endpoints',
  'network:PrivateEndpoints',
];

/** Client of the emulator's control routes. A failed call is repeated for a minute, because the emulator may be restarting. */
export function createEmulatorControl(url: string, caFile: string) {
  async function once(method: string, path: string, body?: unknown): Promise<unknown> {
    const ca = await readFile(caFile);
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/_emulator/${path}`, { method, ca, agent: false, timeout: 30_000 }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 500) >= 400) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
          else resolve(text === '' ? undefined : JSON.parse(text));
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('timeout')));
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    for (const end = Date.now() + retryLimitMs; ;) {
      try {
        return await once(method, path, body);
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(100);
      }
    }
  }

  return {
    addFault: async (fault: FaultRequest): Promise<ScriptedFault> =>
      (await call('POST', 'faults', fault)) as ScriptedFault,
    faults: async (): Promise<ScriptedFault[]> => (await call('GET', 'faults')) as ScriptedFault[],
    clearFaults: (): Promise<unknown> => call('DELETE', 'faults'),
    resources: async (): Promise<EmulatedResource[]> => (await call('GET', 'resources')) as EmulatedResource[],
    operations: async (scope: string): Promise<EmulatedOperation[]> =>
      (await call('GET', `operations?below=${encodeURIComponent(scope)}`)) as EmulatedOperation[],
    throttling: async (): Promise<Throttling> => (await call('GET', 'throttling')) as Throttling,
    setThrottling: (enabled: boolean): Promise<unknown> => call('PUT', 'throttling', { enabled }),
    requests: async () => (await call('GET', 'requests')) as { method: string; path: string; status: number | null }[],
    objectKeys: async (prefix: string): Promise<string[]> => (await call('GET', `objects/${prefix}*`)) as string[],
    object: async (key: string): Promise<unknown> =>
      ((await call('GET', `objects/${key}`)) as { value: unknown }).value,
    /** Raises the quotas in these regions, so that no scenario fails for lack of one. */
    async raiseQuota(regions: readonly string[]): Promise<void> {
      for (const region of regions)
        for (const quota of raisedQuotas) await call('PUT', `objects/quota:${quota}:${region}`, { value: 100_000 });
    },
  };
}

export type EmulatorControl = ReturnType<typeof createEmulatorControl>;
