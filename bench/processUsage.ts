import { readFileSync, readdirSync } from 'node:fs';

/** A kernel tick is 10 ms on every Linux that Node runs on. */
const tickMs = 10;

export interface Usage {
  /** user and system time in seconds, with that of ended children */
  cpuSeconds: number;
  /** resident set */
  memoryMb: number;
}

/** Fields of /proc/PID/stat after the command name (`man 5 proc_pid_stat`: field 3 is the first here). Undefined when the process has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  } catch {
    return undefined;
  }
}

function memoryOf(pid: string): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Processor time and memory of all processes of a process group. Linux only: read from /proc. */
export function usageOfGroup(group: number): Usage {
  const usage = { cpuSeconds: 0, memoryMb: 0 };
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = statOf(pid);
    if (!stat || Number(stat[2]) !== group) continue;
    const ticks = [11, 12, 13, 14].reduce((total, field) => total + Number(stat[field]), 0);
    usage.cpuSeconds += (ticks * tickMs) / 1000;
    usage.memoryMb += memoryOf(pid);
  }
  return usage;
}
