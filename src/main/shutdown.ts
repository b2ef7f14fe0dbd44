import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, exitCodes } from './processErrors.ts';

/** One stage of a shutdown, like `drainActivities`. */
export interface ShutdownPhase {
  name: string;
  limitMs: number;
  run: () => Promise<unknown>;
}

type Log = (line: string) => void;

/** npm, the wrapper and the terminal each deliver the same Ctrl-C, so a second signal counts after this time only. */
const echoMs = 500;

/** Calls `stop` at the first SIGINT, SIGTERM or SIGHUP, and `force` at a second one. */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void, force: () => void): void {
  let firstAt: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stop(signal);
    } else if (performance.now() - firstAt > echoMs) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, handle);
}

/**
 * Runs the phases in order. Returns the exit code: 0 when each one ended within its limit, else 1. A phase that fails is logged and the
 * next one runs; one that exceeds its limit ends the shutdown.
 */
export async function runPhases(phases: readonly ShutdownPhase[], log: Log): Promise<number> {
  let exitCode: number = exitCodes.ok;
  for (const { name, limitMs, run } of phases) {
    const timer = new AbortController();
    const timeout = sleep(limitMs, 'timeout' as const, { signal: timer.signal, ref: true }).catch(
      () => 'done' as const,
    );
    const outcome = await Promise.race([timeout, run().then(() => 'done' as const)]).catch((error: unknown) => {
      log(`shutdown phase ${name} failed: ${describeError(error)}`);
      exitCode = exitCodes.failed;
      return 'done' as const;
    });
    timer.abort();
    if (outcome === 'timeout') {
      log(`shutdown phase ${name} exceeded its limit of ${limitMs / 1000} s; exiting`);
      return exitCodes.failed;
    }
  }
  return exitCode;
}

/**
 * Ends this process on a stop signal, after the phases. A second signal ends it at once, with exit code 130. Call it before a process
 * reports that it has started: whoever reads that may stop it at once.
 */
export function shutDownOnSignal(phases: readonly ShutdownPhase[], log: Log): void {
  const seconds = phases.reduce((sum, { limitMs }) => sum + limitMs, 0) / 1000;
  onStopSignal(
    (signal) => {
      log(`${signal}: shutting down within ${seconds} s (${phases.map(({ name }) => name).join(', ')})`);
      void runPhases(phases, log).then((code) => process.exit(code));
    },
    () => process.exit(exitCodes.forced),
  );
}
