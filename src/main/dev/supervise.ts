import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../processErrors.ts';
import type { ProcessMessage } from '../process.ts';

export interface Supervised {
  readonly name: string;
  /** Whether it runs and has reported that it started. A process without an IPC channel only has to run. */
  isReady(): boolean;
  /** Sends SIGTERM, and after `graceMs` SIGKILL to its process group. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
  /** Sends SIGKILL to its process group. */
  kill(): void;
}

export interface SuperviseOptions {
  name: string;
  /** starts the process in a process group of its own */
  start: () => ChildProcess;
  log: (line: string) => void;
  /** called when the process has ended with the exit code for what a restart cannot heal */
  onUnrecoverable: (message: string) => void;
}

const longestBackoffMs = 10_000;
/** A process that ran this long is restarted without delay. */
const stableMs = 30_000;

/** Keeps one process running: restarts it with backoff when it ends, unless its exit code says that a restart cannot help. */
export function supervise({ name, start, log, onUnrecoverable }: SuperviseOptions): Supervised {
  let child: ChildProcess;
  let stopping = false;
  let backoffMs = 0;
  let ready = false;
  let exited: Promise<void>;

  function launch(): void {
    const startedAt = Date.now();
    let reason = `${name} failed; see its log`;
    child = start();
    ready = child.channel == null;
    child.on('message', (message: ProcessMessage) => {
      if (message.state === 'ready') ready = true;
      else reason = message.message;
    });
    exited = new Promise((resolve) => {
      child.once('error', (error) => {
        log(`${name} could not be started: ${error.message}`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        ready = false;
        resolve();
        if (stopping) return;
        if (code === exitCodes.configuration) onUnrecoverable(reason);
        else void restart(`${name} exited (${signal ?? `code ${code}`})`, Date.now() - startedAt);
      });
    });
  }

  async function restart(what: string, uptimeMs: number): Promise<void> {
    backoffMs = uptimeMs > stableMs ? 0 : Math.min(longestBackoffMs, backoffMs * 2 || 250);
    log(`${what}; restarting`);
    await sleep(backoffMs);
    if (!stopping) launch();
  }

  function kill(): void {
    stopping = true;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // the process has ended meanwhile
    }
  }

  launch();
  return {
    name,
    kill,
    isReady: () => ready,
    async stop(graceMs) {
      stopping = true;
      child.kill('SIGTERM');
      const timer = new AbortController();
      const forced = sleep(graceMs, undefined, { signal: timer.signal }).then(kill, () => undefined);
      await exited;
      timer.abort();
      await forced;
    },
  };
}
