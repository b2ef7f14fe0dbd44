import { listStreamDelays } from './listStream.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { measureWatchers } from './watchers.ts';
import { startTemporalServer } from '../test/workflows/temporalServer.ts';

async function run(context: PartContext): Promise<PartResult> {
  const { short } = context.options;
  const { address, stop } = await startTemporalServer();
  try {
    const watchers = short ? 20 : 200;
    const figures = await measureWatchers(address, { watchers, seconds: short ? 5 : 30 });
    return {
      rows: [
        {
          measure: `${watchers} watchers: changes shown within 1 s`,
          value: figures.withinSecond * 100,
          unit: '%',
          goal: goalOf(context, { atLeast: 95 }, { atLeast: 50 }),
        },
        { measure: `${watchers} watchers: delay of a change, p50`, value: figures.delayMs.p50, unit: 'ms' },
        { measure: `${watchers} watchers: delay of a change, p95`, value: figures.delayMs.p95, unit: 'ms' },
        { measure: `${watchers} watchers: calls to Temporal`, value: figures.callsPerSecond, unit: 'a second' },
        { measure: `${watchers} watchers: of those describes`, value: figures.describesPerSecond, unit: 'a second' },
        ...(await listStreamDelays(context)),
      ],
    };
  } finally {
    await stop();
  }
}

export const watching: Part = {
  name: 'watching',
  title: 'Watching: event streams of many environments',
  about:
    'So many event streams, each of an environment of its own whose run waits for Azure. Calls are those of the API to Temporal while nothing changes; a delay is from a change in Temporal to its event. The list has one stream, while environments are created and deleted one after the other.',
  inShort: false,
  run,
};
