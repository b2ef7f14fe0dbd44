import { setTimeout as sleep } from 'node:timers/promises';
import type { ListedEnvironment } from '../src/domain/listedEnvironment.ts';
import type { PartContext, Row } from './part.ts';
import { goalOf } from './part.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { quantile } from './statistics.ts';

/** Milliseconds from a change to its event. */
interface Delays {
  /** from the answer of POST to the new row */
  created: number[];
  /** from the answer of DELETE to `deleting` */
  deleting: number[];
  /** from the time at which a step began or ended */
  steps: number[];
}

/** Reads `GET /events` until the signal. */
async function readEvents(url: string, signal: AbortSignal, onEvent: (environment: ListedEnvironment) => void) {
  const response = await fetch(`${url}/events`, { signal });
  let rest = '';
  const read = async (): Promise<void> => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) onEvent(JSON.parse(data) as ListedEnvironment);
      }
    }
  };
  return read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Environments are requested and deleted at times that no poll is in step with. */
async function measure({ signal }: PartContext, { api, installation }: Stack, count: number): Promise<Delays> {
  const delays: Delays = { created: [], deleting: [], steps: [] };
  const answeredAt = new Map<string, number>();
  const seen = new Map<string, number>();
  const leave = new AbortController();
  const reading = readEvents(installation.url, leave.signal, ({ name, state, steps }) => {
    const now = Date.now();
    const isFirst = (key: string): boolean => !seen.has(key) && seen.set(key, now) !== undefined;
    isFirst(`${name} exists`);
    isFirst(`${name} ${state}`);
    for (const { id, since, finishedAt } of steps)
      for (const [what, time] of Object.entries({ since, finishedAt }))
        if (time !== null && isFirst(`${name} ${id} ${what} ${time}`)) delays.steps.push(now - Date.parse(time));
  });
  const request = async (method: string, name: string, key: string, body?: object): Promise<void> => {
    const path = method === 'POST' ? '/environments' : `/environments/${name}`;
    const { status, body: answer } = await api(method, path, body);
    if (status !== 202) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    answeredAt.set(key, Date.now());
  };
  const untilSeen = async (key: string): Promise<void> => {
    while (!seen.has(key)) await sleep(5, undefined, { signal });
  };
  for (let n = 0; n < count; n++) {
    const name = `streamed${n}`;
    await request('POST', name, `${name} exists`, { name, location: 'westus2' });
    await untilSeen(`${name} exists`);
    await sleep((n * 377) % 1_000, undefined, { signal });
    await request('DELETE', name, `${name} deleting`);
    await untilSeen(`${name} deleting`);
    await sleep((n * 613) % 1_000, undefined, { signal });
  }
  leave.abort();
  await reading;
  for (const [key, at] of answeredAt)
    (key.endsWith('exists') ? delays.created : delays.deleting).push(Math.max(0, seen.get(key)! - at));
  return delays;
}

/** How late the events of the list are, while environments are created and deleted one after the other. */
export async function listStreamDelays(context: PartContext): Promise<Row[]> {
  const delays = await withStack(context, { timeScale: '1/60' }, (stack) =>
    measure(context, stack, context.options.short ? 5 : 40),
  );
  const what: Record<keyof Delays, string> = {
    created: 'from POST to its row',
    deleting: 'from DELETE to `deleting`',
    steps: 'from a change of a step',
  };
  return (Object.keys(what) as (keyof Delays)[]).flatMap((key): Row[] => [
    { measure: `list: ${what[key]}, p50`, value: quantile(delays[key], 0.5), unit: 'ms' },
    {
      measure: `list: ${what[key]}, p95`,
      value: quantile(delays[key], 0.95),
      unit: 'ms',
      goal: goalOf(context, { atMost: 1_000 }, { atMost: 5_000 }),
    },
  ]);
}
