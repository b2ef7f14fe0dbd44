import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../src/domain/environment.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { post } from './provision.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';

const pollMs = 200;

/** Seconds from the POST of one owner's only environment until it is ready. Throws when it fails. */
async function secondsOf({ signal }: PartContext, stack: Stack, name: string): Promise<number> {
  const startedAt = performance.now();
  await post(stack, [name], { owner: 'bo' });
  for (;;) {
    const { state, failure } = (await stack.api('GET', `/environments/${name}`)).body as Environment;
    if (state === 'ready') return (performance.now() - startedAt) / 1000;
    if (failure) throw new Error(`${name} failed: ${failure.message}`);
    await sleep(pollMs, undefined, { signal });
  }
}

async function run(context: PartContext): Promise<PartResult> {
  const { short } = context.options;
  const others = short ? 5 : 50;
  const timeScale = short ? '1/200' : '1/60';
  return withStack(context, { timeScale }, async (stack) => {
    await secondsOf(context, stack, 'warm');
    const alone = await secondsOf(context, stack, 'alone');
    context.log(`one environment after ${others} of another owner`);
    const names = Array.from({ length: others }, (_, n) => `others${n}`);
    await post(stack, names, { owner: 'ana' });
    const beside = await secondsOf(context, stack, 'beside');
    return {
      rows: [
        { measure: 'an owner’s one environment, alone', value: alone, unit: 's' },
        { measure: `after ${others} of another owner`, value: beside, unit: 's' },
        {
          measure: 'after the others over alone',
          value: beside / alone,
          unit: 'x',
          goal: goalOf(context, { atMost: 1.3 }, { atMost: 4 }),
        },
      ],
    };
  });
}

export const fairness: Part = {
  name: 'fairness',
  title: 'Fairness: one owner beside another',
  about:
    'One owner requests an environment right after another owner has requested fifty: the time until it is ready, over its time alone. One worker, time scale 1/60.',
  inShort: false,
  run,
};
