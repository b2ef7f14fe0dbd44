import { parseArgs } from 'node:util';
import { stories } from './plan.ts';
import type { Story } from './plan.ts';

export interface ChaosOptions {
  runs: number;
  seed: number;
  /** environments at work at the same time */
  concurrency: number;
  /** a fraction, like `1/2000` */
  timeScale: string;
  kills: boolean;
  faults: boolean;
  /** ARM's token buckets */
  throttling: boolean;
  /** every run has this story */
  story?: Story;
  /** file for the report as JSON */
  json?: string;
  /** keep the data directory also when nothing was found */
  keep: boolean;
}

export const usage = `Usage: npm run chaos -- [options]

Lets seeded users, faults and kills loose on an installation of its own, takes everything down, and accounts for it.

  --runs N            environments in all (default 20)
  --seed S            decides everything that is decided beforehand (default 1)
  --concurrency C     environments at work at the same time (default 10)
  --time-scale F      part of its real duration that an operation of Azure takes (default 1/2000)
  --kills on|off      kill -9 of workers, API, emulator, Temporal (default on)
  --faults on|off     lost answers, resets, 5xx, throttling, operations that fail (default on)
  --throttling on|off ARM's token buckets at the emulator (default on)
  --story NAME        every run has this story: ${Object.keys(stories).join(', ')}
  --json FILE         writes the report there
  --keep              keeps the data directory also when nothing was found
  --help              this text

Ctrl-C: no more environments begin, and those that have are accounted for; twice: stops at once.
Exit code 0 when everything is accounted for, 1 when not, 130 when it was stopped at once.`;

const onOff = (name: string, text: string | undefined): boolean => {
  if (text !== undefined && text !== 'on' && text !== 'off') throw new Error(`--${name} is on or off, not ${text}`);
  return text !== 'off';
};

const count = (name: string, text: string): number => {
  if (!/^[0-9]{1,9}$/.test(text) || Number(text) < 1)
    throw new Error(`--${name} is a whole number above 0, not ${text}`);
  return Number(text);
};

/** Reads the command line; undefined when only help was asked for. Throws a plain Error that says what is wrong. */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { ...text, default: '20' },
      seed: { ...text, default: '1' },
      concurrency: { ...text, default: '10' },
      'time-scale': { ...text, default: '1/2000' },
      kills: text,
      faults: text,
      throttling: text,
      story: text,
      json: text,
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { story, json } = values;
  if (story !== undefined && !(story in stories)) throw new Error(`no story is called ${story}`);
  return {
    runs: count('runs', values.runs),
    seed: count('seed', values.seed),
    concurrency: count('concurrency', values.concurrency),
    timeScale: values['time-scale'],
    kills: onOff('kills', values.kills),
    faults: onOff('faults', values.faults),
    throttling: onOff('throttling', values.throttling),
    ...(story === undefined ? {} : { story: story as Story }),
    ...(json === undefined ? {} : { json }),
    keep: values.keep,
  };
}
