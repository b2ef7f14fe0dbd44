/**
 * `node bench/watchers.ts [watchers] [seconds]`: what event streams cost, and how late they are, on a Temporal development server of its own.
 * Every watcher follows an environment of its own whose run waits for Azure.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Environment } from '../src/domain/environment.ts';
import { createEnvironments } from '../src/temporal/environments.ts';
import { setUpNamespace } from '../src/temporal/setUpNamespace.ts';
import { countingConnection } from '../test/temporal/callCounts.ts';
import { startTemporalServer } from '../test/workflows/temporalServer.ts';
import { startWaitingEnvironments } from '../test/temporal/waitingEnvironments.ts';

export interface WatcherFigures {
  watchers: number;
  /** gRPC calls a second of the process with the watchers, while nothing changes but the polls of Azure */
  callsPerSecond: number;
  describesPerSecond: number;
  /** ms from a change in Temporal to its event: changes follow each other at 20 a second */
  delayMs: { p50: number; p95: number; max: number };
  /** share of the changes whose event came within a second */
  withinSecond: number;
}

const changeEveryMs = 50;
/** Azure's Retry-After for most operations, in seconds. */
const retryAfter = 15;

/** Measures `watchers` event streams for `seconds`, on the Temporal server at the address. */
export async function measureWatchers(
  address: string,
  { watchers, seconds }: { watchers: number; seconds: number },
): Promise<WatcherFigures> {
  const plain = await Connection.connect({ address });
  const { connection, counts } = countingConnection(address);
  const makers = new Client({ connection: plain });
  await setUpNamespace(makers);
  const names = Array.from({ length: watchers }, (_, index) => `waiting${String(index).padStart(4, '0')}`);
  const waiting = await startWaitingEnvironments(makers, names, retryAfter);
  const environments = createEnvironments(new Client({ connection }), {
    target: 'emulator',
    subscriptionId: 'sub',
    temporalUi: null,
  });
  const leave = new AbortController();
  const seenAt = new Map<string, number>();
  const current = new Map<string, Environment>();
  const streams = names.map(async (name) => {
    for await (const { environment } of (await environments.watch(name, undefined, leave.signal))!) {
      current.set(name, environment);
      for (const { id } of environment.steps.flatMap(({ resources }) => resources))
        if (!seenAt.has(id)) seenAt.set(id, Date.now());
    }
  });
  while (
    ![...current.values()].every(({ steps }) => steps.some(({ reason }) => reason !== null)) ||
    current.size < watchers
  )
    await wait(100);
  await wait(5_000);
  counts.reset();
  const from = Date.now();
  await wait(seconds * 1000);
  const elapsed = (Date.now() - from) / 1000;
  const [calls, describes] = [counts.total(), counts.started('DescribeWorkflowExecution')];
  for (const name of names) await Promise.all([waiting.change(name), wait(changeEveryMs)]);
  await wait(3_000);
  leave.abort();
  await Promise.all(streams);
  await waiting.stop();
  await Promise.all([connection.close(), plain.close()]);
  const delays = [...waiting.changedAt]
    .map(([resource, at]) => Math.max(0, (seenAt.get(resource) ?? Infinity) - at))
    .toSorted((a, b) => a - b);
  const percentile = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))]!;
  return {
    watchers,
    callsPerSecond: calls / elapsed,
    describesPerSecond: describes / elapsed,
    delayMs: { p50: percentile(0.5), p95: percentile(0.95), max: percentile(1) },
    withinSecond: delays.filter((delay) => delay <= 1000).length / delays.length,
  };
}

if (import.meta.main) {
  const { address, stop } = await startTemporalServer();
  const [watchers = 200, seconds = 30] = process.argv.slice(2).map(Number);
  console.log(await measureWatchers(address, { watchers, seconds }));
  await stop();
}
