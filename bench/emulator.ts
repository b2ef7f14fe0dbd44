/**
 * `npm run bench:emulator`: the emulator's figures on this machine: its start, requests per second, memory with 10,000 resources, and the start with
 * the journal of those. Prints each beside its limit; fails when one is missed. Processor time is printed too, which a busy machine changes less.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextFreePort } from '../src/main/ports.ts';
import { EmulatorProcess } from './emulatorProcess.ts';
import { KeepAliveClient } from './keepAliveClient.ts';

const limits = { startMs: 500, requestsPerSecond: 1000, memoryMb: 250, startWithJournalMs: 1000 };
const connections = 8;
const measuredMs = 5_000;
const groups = 100;
const perGroup = 100;

const location = 'westus2';
const subscription = '/subscriptions/11111111-2222-4333-8444-555555555555';
const groupId = (index: number): string => `${subscription}/resourceGroups/bench-${index % groups}`;
const address = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
const network = { location, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } };

/** The types that a group is filled with: path, api-version, body. */
const types: [path: string, version: string, body: object][] = [
  ['Microsoft.Network/networkSecurityGroups/nsg', '2026-01-01', { location }],
  ['Microsoft.Network/publicIPAddresses/pip', '2026-01-01', address],
  ['Microsoft.Network/virtualNetworks/vnet', '2026-01-01', network],
  ['Microsoft.ManagedIdentity/userAssignedIdentities/id', '2024-11-30', { location, tags: { environment: 'bench' } }],
];

function put(client: KeepAliveClient, index: number): Promise<{ status: number; body: string }> {
  const [path, version, body] = types[Math.floor(index / groups) % types.length]!;
  const id = `${groupId(index)}/providers/${path}${Math.floor(index / groups)}`;
  return client.send('PUT', `${id}?api-version=${version}`, body);
}

/** Of ten requests seven read a resource, two write one and one lists a type in a group. */
async function request(client: KeepAliveClient, count: number): Promise<number> {
  const index = (count * 7919) % (groups * perGroup);
  if (count % 10 < 2) return (await put(client, index)).status;
  const [path, version] = types[Math.floor(index / groups) % types.length]!;
  const collection = `${groupId(index)}/providers/${path.slice(0, path.lastIndexOf('/'))}`;
  const one = `/${path.slice(path.lastIndexOf('/') + 1)}${Math.floor(index / groups)}`;
  const url = count % 10 === 2 ? collection : `${collection}${one}`;
  return (await client.send('GET', `${url}?api-version=${version}`)).status;
}

/** Runs `work` on all connections at once, until it returns false. */
async function onAll(
  clients: KeepAliveClient[],
  work: (client: KeepAliveClient, count: number) => Promise<boolean>,
): Promise<void> {
  let count = 0;
  const loop = async (client: KeepAliveClient): Promise<void> => {
    while (await work(client, count++));
  };
  await Promise.all(clients.map(loop));
}

async function fill(clients: KeepAliveClient[]): Promise<void> {
  for (let index = 0; index < groups; index++)
    await clients[0]!.send('PUT', `${groupId(index)}?api-version=2025-04-01`, { location });
  await onAll(clients, async (client, index) => {
    if (index >= groups * perGroup) return false;
    const { status, body } = await put(client, index);
    if (status !== 201) throw new Error(`resource ${index}: ${status} ${body}`);
    return true;
  });
}

/** Requests per second, and milliseconds of the emulator's processor time for each. */
async function throughput(emulator: EmulatorProcess, clients: KeepAliveClient[]): Promise<[number, number]> {
  const statuses = new Map<number, number>();
  const [startedAt, cpu] = [performance.now(), emulator.cpuMs()];
  let requests = 0;
  await onAll(clients, async (client, count) => {
    const status = await request(client, count);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    requests += 1;
    return performance.now() - startedAt < measuredMs;
  });
  console.log(`  statuses: ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return [requests / seconds, (emulator.cpuMs() - cpu) / requests];
}

let missed = false;
function report(what: string, value: number, limit: number, more: string, atLeast = false): void {
  const good = atLeast ? value >= limit : value <= limit;
  missed ||= !good;
  console.log(
    `${good ? 'ok    ' : 'MISSED'} ${what}: ${value.toFixed(0)} (${atLeast ? 'at least' : 'at most'} ${limit}); ${more}`,
  );
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function starts(directory: string, port: number): Promise<[wallMs: number, cpuMs: number]> {
  const measured: EmulatorProcess[] = [];
  for (let run = 0; run < 5; run++) {
    const emulator = await EmulatorProcess.start(directory, port);
    measured.push(emulator);
    await emulator.stop();
  }
  return [median(measured.map(({ startMs }) => startMs)), median(measured.map(({ startCpuMs }) => startCpuMs))];
}

const directory = await mkdtemp(join(tmpdir(), 'moat-bench-'));
const port = await nextFreePort(28_000);
try {
  const first = await EmulatorProcess.start(directory, port);
  await first.stop();
  const [startMs, startCpuMs] = await starts(directory, port);
  report('start, ms', startMs, limits.startMs, `${startCpuMs} ms of processor time`);
  const emulator = await EmulatorProcess.start(directory, port);
  const { ca } = emulator;
  const clients = await Promise.all(Array.from({ length: connections }, () => KeepAliveClient.open(port, ca)));
  await clients[0]!.send('PUT', '/_emulator/throttling', { enabled: false });
  await fill(clients);
  report('memory with 10,000 resources, MB', emulator.memoryMb(), limits.memoryMb, 'resident set');
  const [requestsPerSecond, cpuMs] = await throughput(emulator, clients);
  report(
    'requests per second',
    requestsPerSecond,
    limits.requestsPerSecond,
    `${cpuMs.toFixed(2)} ms of processor time each`,
    true,
  );
  report('memory after that, MB', emulator.memoryMb(), limits.memoryMb, 'resident set');
  for (const client of clients) client.close();
  await emulator.stop();
  const [journalMs, journalCpuMs] = await starts(directory, port);
  report(
    'start with 10,000 resources, ms',
    journalMs,
    limits.startWithJournalMs,
    `${journalCpuMs} ms of processor time`,
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exitCode = missed ? 1 : 0;
