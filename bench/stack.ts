import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { createEmulatorControl } from '../chaos/emulatorControl.ts';
import { startInstallation } from '../chaos/installation.ts';
import type { Installation } from '../chaos/installation.ts';
import type { ProcessName } from '../chaos/plan.ts';
import { connectClient } from '../src/main/temporal/connectClient.ts';
import type { PartContext } from './part.ts';
import { usageOfGroup } from './processUsage.ts';
import type { Usage } from './processUsage.ts';

export interface StackOptions {
  /** a fraction such as `1/60` */
  timeScale: string;
  workers?: 1 | 2;
  settings?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
}

async function request(url: string, method: string, body?: object): Promise<ApiAnswer> {
  const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, { method, ...content });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** Processor time and memory by process; the two workers are added up. */
function usageOf(installation: Installation): Record<string, Usage> {
  const usage: Record<string, Usage> = {};
  for (const name of installation.processes) {
    const pid = installation.pid(name);
    if (pid === undefined) continue;
    const { cpuSeconds, memoryMb } = usageOfGroup(pid);
    const before = usage[name.replace(/\d$/, '')] ?? { cpuSeconds: 0, memoryMb: 0 };
    usage[name.replace(/\d$/, '')] = {
      cpuSeconds: before.cpuSeconds + cpuSeconds,
      memoryMb: before.memoryMb + memoryMb,
    };
  }
  return usage;
}

/**
 * Starts Temporal, the emulator, workers and API as processes of their own, runs `work`, and ends them however it ends. The emulator's operations take
 * exactly their mean, and its quota does not limit the number of environments.
 */
export async function withStack<T>(
  { signal, log }: PartContext,
  { timeScale, workers = 1, settings }: StackOptions,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const installation = await startInstallation({
    timeScale,
    workers,
    settings: { MOAT_EMULATOR_SEED: 'none', ...settings },
    log,
  });
  let connection: Connection | undefined;
  try {
    while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok)
      await sleep(50, undefined, { signal });
    connection = await connectClient({ address: installation.address });
    const emulator = createEmulatorControl(installation.emulatorUrl, installation.caFile);
    await emulator.raiseQuota(['westus2']);
    return await work({
      installation,
      emulator,
      client: new Client({ connection, dataConverter: installation.dataConverter() }),
      api: (method, path, body) => request(`${installation.url}${path}`, method, body),
      usage: () => usageOf(installation),
      stop: (name) => installation.kill(name),
    });
  } finally {
    await connection?.close();
    await installation.close(false);
  }
}

export interface Stack {
  installation: Installation;
  emulator: ReturnType<typeof createEmulatorControl>;
  client: Client;
  api: (method: string, path: string, body?: object) => Promise<ApiAnswer>;
  /** by process: `temporal`, `emulator`, `worker`, `api` */
  usage: () => Record<string, Usage>;
  stop: (name: ProcessName) => Promise<void>;
}

/** Seconds of processor time between two readings, by process. */
export function cpuBetween(before: Record<string, Usage>, after: Record<string, Usage>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuSeconds }]) => [name, cpuSeconds - (before[name]?.cpuSeconds ?? 0)]),
  );
}
