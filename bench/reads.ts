import { setTimeout as sleep } from 'node:timers/promises';
import { makeKnownEnvironments } from './knownEnvironments.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { makeModels } from './size.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { quantile } from './statistics.ts';

const perSecond = 50;
/** A machine that is busy with other tests cannot answer more: the requests would wait behind each other. */
const perSecondShort = 5;
/** The first requests compile code and open connections; they are not counted. */
const warmUpSeconds = 3;

interface Load {
  perSecond: number;
  seconds: number;
}

/**
 * Sends GETs at a fixed rate, whether or not earlier ones are answered. Returns the milliseconds from the time at which each was due to the
 * end of its answer, so that a request that waits behind a slow one counts as slow too.
 */
async function sendAtRate({ api }: Stack, signal: AbortSignal, names: string[], load: Load): Promise<number[]> {
  const startedAt = performance.now();
  const get = async (path: string, dueAt: number): Promise<number> => {
    const { status } = await api('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return performance.now() - dueAt;
  };
  const answers: Promise<number>[] = [];
  for (let n = 0; n < load.seconds * load.perSecond; n++) {
    const dueAt = startedAt + (n * 1000) / load.perSecond;
    await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal });
    const answer = get(`/environments/${names[(n * 7919) % names.length]!}`, dueAt);
    // thrown by Promise.all below, after the last one was sent
    answer.catch(() => undefined);
    answers.push(answer);
  }
  return Promise.all(answers);
}

async function run(context: PartContext): Promise<PartResult> {
  const { signal, options } = context;
  const count = options.short ? 100 : 1_000;
  const load = options.short ? { perSecond: perSecondShort, seconds: 5 } : { perSecond, seconds: 60 };
  return withStack(context, { timeScale: '1/200' }, async (stack) => {
    const { ready } = await makeModels(context, stack);
    const names = await makeKnownEnvironments(stack.client, { count, like: () => ready });
    await sendAtRate(stack, signal, names, { ...load, seconds: warmUpSeconds });
    const latencies = await sendAtRate(stack, signal, names, load);
    const prefix = `GET of one of ${count.toLocaleString('en-US')} environments`;
    return {
      rows: [
        { measure: `${prefix}, p50`, value: quantile(latencies, 0.5), unit: 'ms' },
        {
          measure: `${prefix}, p99`,
          value: quantile(latencies, 0.99),
          unit: 'ms',
          goal: goalOf(context, { atMost: 50 }, { atMost: 1_000 }),
          note: `${latencies.length} requests`,
        },
        { measure: `${prefix}, slowest`, value: quantile(latencies, 1), unit: 'ms' },
      ],
    };
  });
}

export const reads: Part = {
  name: 'reads',
  title: 'Reads under load',
  about: `GETs of ready environments at ${perSecond} requests a second, each counted from the time at which it was due. The environments are made as for “Size”.`,
  inShort: true,
  run,
};
