import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** names of the parts to run; empty: all */
  only: string[];
  short: boolean;
  resume: boolean;
  /** makespan also at Azure's speed */
  real: boolean;
  /** numbers of environments provisioned at once */
  fleets: number[];
  /** numbers of known environments */
  sizes: number[];
  /** environments at once in `orchestration` */
  runs: number;
  /** directory of the page, the JSON and the curves; undefined: print only */
  output?: string;
  /** directory of the virtual environments of `npm run test:clients` */
  clients: string;
}

export const usage = (parts: readonly string[]): string => `Usage: npm run bench -- [options]

Measures Moat on this machine with the emulator and a Temporal development server of its own. Prints a table, and writes
docs/bench/results.json, docs/bench/README.md and curves. Exit code 1: a limit was exceeded.

  --only A,B          parts: ${parts.join(', ')} (default: all)
  --short             a minute, few runs, wide limits, nothing written: what CI runs
  --resume            keeps the parts of docs/bench/results.json that are there, and runs the others
  --real              makespan at Azure's speed too (half an hour more)
  --fleets 10,50      environments at once in "fleet" (default 10,50,200,500)
  --sizes 100,1000    known environments in "size" (default 100,1000,10000,50000)
  --runs N            environments at once in "orchestration" (default 20)
  --output DIR        directory of the results (default docs/bench); "none": print only
  --clients DIR       virtual environments of npm run test:clients (default .moat/clients)
  --help              print this text

Each part is stored when it ends. Ctrl-C ends all processes; --resume continues with the parts that are missing.`;

const numbers = (name: string, text: string): number[] =>
  text.split(',').map((one) => {
    if (!/^[1-9][0-9]{0,6}$/.test(one)) throw new Error(`--${name} must be positive integers, not ${text}`);
    return Number(one);
  });

/** Parses the command line. Returns undefined for `--help`; throws an Error with a message for the user. */
export function readOptions(args: readonly string[], parts: readonly string[]): BenchOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { ...text, default: '' },
      short: flag,
      resume: flag,
      real: flag,
      fleets: text,
      sizes: text,
      runs: text,
      output: { ...text, default: 'docs/bench' },
      clients: { ...text, default: '.moat/clients' },
      help: flag,
    },
  });
  if (values.help) return undefined;
  const { short, resume, real, clients, output } = values;
  const only = values.only.split(',').filter((name) => name !== '');
  const unknown = only.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  return {
    only,
    short,
    resume,
    real,
    fleets: numbers('fleets', values.fleets ?? (short ? '4' : '10,50,200,500')),
    sizes: numbers('sizes', values.sizes ?? (short ? '300' : '100,1000,10000,50000')),
    runs: numbers('runs', values.runs ?? (short ? '4' : '20'))[0]!,
    clients,
    ...(short || output === 'none' ? {} : { output }),
  };
}
