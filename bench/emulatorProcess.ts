import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOptions } from '../src/main/dev/processes.ts';

/** A kernel tick is 10 ms on every Linux that Node runs on. */
const tickMs = 10;

/** The emulator as its own process over a data directory. Linux only: figures are read from /proc. */
export class EmulatorProcess {
  readonly port: number;
  /** wall-clock and processor time from the start of the process until it listened, in milliseconds */
  readonly startMs: number;
  readonly startCpuMs: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, directory: string, port: number, startMs: number) {
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    this.startMs = startMs;
    this.startCpuMs = this.cpuMs();
  }

  static async start(directory: string, port: number): Promise<EmulatorProcess> {
    const root = new URL('..', import.meta.url).pathname;
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...nodeOptions['emulator']!, 'src/main/emulator.ts'], {
      cwd: root,
      env: { ...process.env, MOAT_DATA_DIR: directory, MOAT_EMULATOR_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('https://') && resolve());
      child.once('exit', (code) => reject(new Error(`the emulator exited with ${code}`)));
    });
    return new EmulatorProcess(child, directory, port, performance.now() - startedAt);
  }

  get ca(): string {
    return readFileSync(join(this.#directory, 'emulator-ca.pem'), 'utf8');
  }

  cpuMs(): number {
    const fields = this.#read('stat').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  }

  memoryMb(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(this.#read('status'))?.[1]) / 1024;
  }

  #read(file: string): string {
    return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8');
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await exited;
  }
}
