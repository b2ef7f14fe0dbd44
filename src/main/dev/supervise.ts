import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Supervised {
  readonly name: string;
  /** Ends it: SIGTERM, and SIGKILL to its process group when that has not helped after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const longestPauseMs = 10_000;
/** What has lived this long starts again without a pause. */
const settledMs = 30_000;

/** Keeps one part running: starts it, and starts it again when it died. `start` must give a child in a process group of its own. */
export function supervise(name: string, start: () => ChildProcess, tell: (line: string) => void): Supervised {
  let child: ChildProcess;
  let stopping = false;
  let pauseMs = 0;
  let exited: Promise<void>;

  function launch(): void {
    const startedAt = Date.now();
    child = start();
    exited = new Promise((resolve) => {
      child.once('error', (error) => {
        tell(`${name} could not be started: ${error.message}`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        resolve();
        if (!stopping) void again(`${name} ended (${signal ?? `exit code ${code}`})`, Date.now() - startedAt);
      });
    });
  }

  async function again(what: string, livedMs: number): Promise<void> {
    pauseMs = livedMs > settledMs ? 0 : Math.min(longestPauseMs, pauseMs * 2 || 250);
    tell(`${what}; starting it again`);
    await sleep(pauseMs);
    if (!stopping) launch();
  }

  function kill(): void {
    stopping = true;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it ended in this moment
    }
  }

  launch();
  return {
    name,
    kill,
    async stop(graceMs) {
      stopping = true;
      child.kill('SIGTERM');
      const patience = new AbortController();
      const late = sleep(graceMs, undefined, { signal: patience.signal }).then(kill, () => undefined);
      await exited;
      patience.abort();
      await late;
    },
  };
}
