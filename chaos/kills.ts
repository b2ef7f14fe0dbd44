import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from './emulator.ts';
import { snare } from './faults.ts';
import type { Installation } from './installation.ts';
import type { Moments } from './moments.ts';
import type { Part, PlannedKill } from './plan.ts';

/** A moment that does not come in time is not waited for any longer. */
const patienceMs = 15_000;
/** For so long is a write held that a part is to be killed around. */
const heldMs = 1_500;

export interface KillerParts {
  installation: Installation;
  emulator: Emulator;
  moments: Moments;
  timeScale: number;
  kill(n: number): PlannedKill;
  /** no more kills, and none that waits for its moment */
  signal: AbortSignal;
  /** before the emulator is killed, whose counts go with it */
  beforeEmulatorDies(): Promise<void>;
  /** before it starts again, which compacts its journal */
  beforeEmulatorStarts(): void;
  tell: (line: string) => void;
}

/** Waits for the moment of a kill. False when it did not come. */
async function moment({ when }: PlannedKill, { emulator, moments, timeScale, signal }: KillerParts): Promise<boolean> {
  if (when.kind === 'time') return sleep(when.ms, true, { signal });
  if (when.kind === 'step') return moments.next(when.step, when.edge, patienceMs, signal);
  const { id } = await emulator.addFault(snare(when, heldMs, timeScale));
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(40, undefined, { signal })) {
    if ((await emulator.faults()).some((fault) => fault.id === id && fault.hits > 0)) return true;
  }
  return false;
}

/** Kills parts and starts them again, one planned kill after the other, until it is told to stop. Says how often each was killed, and at what. */
export async function killOn(parts: KillerParts) {
  const { installation, kill, signal, tell } = parts;
  const counts: Record<Part, number> = { worker: 0, worker2: 0, api: 0, emulator: 0, temporal: 0 };
  const met = { writes: new Set<string>(), steps: new Set<string>() };
  for (let n = 0; !signal.aborted; n++) {
    const planned = kill(n);
    const victims = planned.parts.filter((part) => installation.present.includes(part));
    try {
      const { when } = planned;
      const came = await moment(planned, parts);
      if (came && when.kind !== 'time') met[`${when.kind}s`].add(JSON.stringify(when));
    } catch (error) {
      if (signal.aborted) break; // told to stop
      throw error;
    }
    tell(`kill -9 ${victims.join(', ')} (${JSON.stringify(planned.when)})`);
    if (victims.includes('emulator')) await parts.beforeEmulatorDies();
    await Promise.all(victims.map((part) => installation.kill(part)));
    for (const part of victims) counts[part] += 1;
    await sleep(planned.awayMs);
    if (victims.includes('emulator')) parts.beforeEmulatorStarts();
    await installation.startAgain(victims, signal);
    await sleep(planned.quietMs, undefined, { signal }).catch(() => undefined);
  }
  return { counts, met: { writes: met.writes.size, steps: met.steps.size } };
}
