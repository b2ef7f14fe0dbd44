import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { temporalExecutable } from '../src/main/temporal/executable.ts';

/** The machine and versions that figures were measured with. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  temporalServer: string;
  temporalSdk: string;
  /** commit of Moat; `+` where files differ from it */
  commit: string;
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

function gitCommit(): string {
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

export async function describeMachine(): Promise<Machine> {
  const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const processors = cpus();
  const executable = await temporalExecutable(console.error);
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    temporalServer: execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim(),
    temporalSdk: sdk.version,
    commit: gitCommit(),
  };
}

/** The machine in one sentence. */
export const machineText = (machine: Machine): string =>
  `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB memory, Linux ${machine.kernel}, Node ${machine.node}, ` +
  `${machine.temporalServer}, Temporal SDK ${machine.temporalSdk}, Moat ${machine.commit}`;
