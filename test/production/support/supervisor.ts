import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './composeFile.ts';

export interface ProcessSpec {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** user other than this one, for a server that refuses to run as root */
  user?: string;
}

const restartMs = 300;

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Runs processes, each with a log file, and starts those again that end by themselves or are killed, as `restart: unless-stopped` does. */
export function createSupervisor(logs: string) {
  mkdirSync(logs, { recursive: true });
  const running = new Map<string, ChildProcess>();
  const specs = new Map<string, ProcessSpec>();
  /** how often each process was started */
  const starts = new Map<string, number>();

  function launch(name: string): void {
    const spec = specs.get(name)!;
    const log = openSync(join(logs, `${name}.log`), 'a');
    // Other processes than Moat's would outlive a test run that is killed.
    const identity = spec.user ? [`--reuid=${spec.user}`, `--regid=${spec.user}`, '--clear-groups'] : [];
    const isMoat = spec.command === process.execPath;
    const [command, args] = isMoat
      ? [spec.command, spec.args]
      : ['setpriv', [...identity, '--pdeathsig=KILL', '--', spec.command, ...spec.args]];
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', log, log, ...(isMoat ? (['ipc'] as const) : [])],
    });
    closeSync(log);
    running.set(name, child);
    starts.set(name, (starts.get(name) ?? 0) + 1);
    child.once('exit', () => {
      if (running.get(name) !== child) return;
      setTimeout(() => running.get(name) === child && launch(name), restartMs);
    });
  }

  return {
    start(name: string, spec: ProcessSpec): void {
      specs.set(name, spec);
      launch(name);
    },
    /** kill -9; the process is started again. */
    kill: (name: string): Promise<void> => end(running.get(name), 'SIGKILL'),
    /** Stops a process for good, or until the next `start`. */
    async stop(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
      const child = running.get(name);
      running.delete(name);
      await end(child, signal);
    },
    starts: (name: string): number => starts.get(name) ?? 0,
    /** the end of each log, for the message of a failed test */
    logTails: (): string =>
      [...specs.keys()]
        .map((name) => `--- ${name}\n${readFileSync(join(logs, `${name}.log`), 'utf8').slice(-2_000)}`)
        .join('\n'),
    names: (): string[] => [...running.keys()],
  };
}
