import { parseArgs } from 'node:util';
import { scenarios } from './plan.ts';
import type { ScenarioName } from './plan.ts';

export interface ChaosOptions {
  runs: number;
  seed: number;
  /** concurrent scenarios */
  concurrency: number;
  /** a fraction such as `1/2000` */
  timeScale: string;
  kills: boolean;
  faults: boolean;
  /** the emulator's ARM token buckets */
  throttling: boolean;
  /** runs have variants of the article's example, and use existing resources */
  variants: boolean;
  /** used for every run */
  scenario?: ScenarioName;
  /** output file of the JSON report */
  json?: string;
  /** keep the data directory even without findings */
  keep: boolean;
}

export const usage = `Usage: npm run chaos -- [options]

Starts an installation of Moat, runs seeded scenarios under faults and kills, deletes every environment,
and checks that Moat, Temporal and the emulator agree.

  --runs N            number of environments (default 20)
  --seed S            random seed of scenarios, faults and kills (default 1)
  --concurrency C     concurrent scenarios (default 10)
  --time-scale F      factor for the durations of emulated operations (default 1/2000)
  --kills on|off      kill -9 of workers, API, emulator and Temporal (default on)
  --faults on|off     lost answers, resets, 5xx, throttling, failed operations (default on)
  --throttling on|off request limits of the emulated ARM (default on)
  --variants on|off   variants of the article's example, and existing resources (default on)
  --scenario NAME     use one scenario for every run: ${Object.keys(scenarios).join(', ')}
  --json FILE         write the report as JSON
  --keep              keep the data directory even without findings
  --help              print this text

Ctrl-C starts no further scenarios, completes the running ones and reports. Ctrl-C twice stops at once.
Exit codes: 0 no findings, 1 findings, 2 error, 130 stopped.`;

const onOff = (name: string, text: string | undefined): boolean => {
  if (text !== undefined && text !== 'on' && text !== 'off')
    throw new Error(`--${name} must be on or off, not ${text}`);
  return text !== 'off';
};

const count = (name: string, text: string): number => {
  if (!/^[0-9]{1,9}$/.test(text) || Number(text) < 1)
    throw new Error(`--${name} must be a positive integer, not ${text}`);
  return Number(text);
};

/** Parses the command line. Returns undefined for `--help`; throws an Error with a message for the user. */
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
      variants: text,
      scenario: text,
      json: text,
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { scenario, json } = values;
  if (scenario !== undefined && !(scenario in scenarios)) throw new Error(`unknown scenario ${scenario}`);
  return {
    runs: count('runs', values.runs),
    seed: count('seed', values.seed),
    concurrency: count('concurrency', values.concurrency),
    timeScale: values['time-scale'],
    kills: onOff('kills', values.kills),
    faults: onOff('faults', values.faults),
    throttling: onOff('throttling', values.throttling),
    variants: onOff('variants', values.variants),
    ...(scenario === undefined ? {} : { scenario: scenario as ScenarioName }),
    ...(json === undefined ? {} : { json }),
    keep: values.keep,
  };
}
