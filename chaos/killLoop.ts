import { setTimeout as sleep } from 'node:timers/promises';
import type { EmulatorControl } from './emulatorControl.ts';
import { triggerFault } from './faults.ts';
import type { Installation } from './installation.ts';
import type { PlannedKill, ProcessName } from './plan.ts';
import type { StepEvents } from './stepEvents.ts';

/** Milliseconds to wait for a kill's trigger; after that the kill happens without it. */
const triggerLimitMs = 15_000;
/** Milliseconds for which the emulator holds a write, so that a process can be killed meanwhile. */
const heldMs = 1_500;

export interface KillLoopOptions {
  installation: Installation;
  emulator: EmulatorControl;
  stepEvents: StepEvents;
  timeScale: number;
  kill(n: number): PlannedKill;
  /** ends the loop, also while it waits for a trigger */
  signal: AbortSignal;
  /** the emulator's counters are lost with its process */
  beforeEmulatorKill(): Promise<void>;
  /** a start compacts the emulator's journal */
  beforeEmulatorRestart(): void;
  log: (line: string) => void;
}

/** Waits for the trigger of a kill. False when it did not occur in time. */
async function waitForTrigger(
  { when }: PlannedKill,
  { emulator, stepEvents, timeScale, signal }: KillLoopOptions,
): Promise<boolean> {
  if (when.kind === 'time') return sleep(when.ms, true, { signal });
  if (when.kind === 'step') return stepEvents.next(when.step, when.edge, triggerLimitMs, signal);
  const { id } = await emulator.addFault(triggerFault(when, heldMs, timeScale));
  for (const end = Date.now() + triggerLimitMs; Date.now() < end; await sleep(40, undefined, { signal })) {
    if ((await emulator.faults()).some((fault) => fault.id === id && fault.hits > 0)) return true;
  }
  return false;
}

/** Executes planned kills one after the other and restarts the processes, until `signal` is aborted. Returns the kills by process and trigger. */
export async function runKillLoop(options: KillLoopOptions) {
  const { installation, kill, signal, log } = options;
  const counts: Record<ProcessName, number> = { worker: 0, worker2: 0, api: 0, emulator: 0, temporal: 0 };
  const points = { writes: new Set<string>(), steps: new Set<string>() };
  for (let n = 0; !signal.aborted; n++) {
    const planned = kill(n);
    const victims = planned.processes.filter((process) => installation.processes.includes(process));
    try {
      const { when } = planned;
      const triggered = await waitForTrigger(planned, options);
      if (triggered && when.kind !== 'time') points[`${when.kind}s`].add(JSON.stringify(when));
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
    log(`kill -9 ${victims.join(', ')} (${JSON.stringify(planned.when)})`);
    if (victims.includes('emulator')) await options.beforeEmulatorKill();
    await Promise.all(victims.map((process) => installation.kill(process)));
    for (const process of victims) counts[process] += 1;
    await sleep(planned.downtimeMs);
    if (victims.includes('emulator')) options.beforeEmulatorRestart();
    await installation.restart(victims, signal);
    await sleep(planned.pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return { counts, points: { writes: points.writes.size, steps: points.steps.size } };
}
