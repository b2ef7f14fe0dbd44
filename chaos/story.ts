import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../src/domain/environment.ts';
import type { User } from './client.ts';
import type { Emulator } from './emulator.ts';
import { refusal } from './faults.ts';
import type { Moments } from './moments.ts';
import { stories } from './plan.ts';
import type { PlannedRun } from './plan.ts';

export interface Told {
  /** the state in which the story ended; `lost` when it did not end in time */
  state: Environment['state'] | 'lost';
  environment: Environment | undefined;
  /** what was to befall the run came too late, or reached nobody */
  missed: boolean;
  /** what should not have been, in words */
  wrong: string[];
}

export interface StoryParts {
  user: User;
  emulator: Emulator;
  moments: Moments;
  /** milliseconds that an environment may take to come to rest */
  limitMs: number;
  /** processes are killed meanwhile */
  kills: boolean;
  /** between two looks at an environment */
  lookEveryMs: number;
  /** chaos is over: the story is left as it is */
  signal: AbortSignal;
}

const atRest = (environment: Environment): boolean =>
  environment.run === null && !['provisioning', 'deleting'].includes(environment.state);

/** Tells one environment's story to its end, as its user would; says how it ended and what was not as it must be. */
export async function tell(run: PlannedRun, parts: StoryParts): Promise<Told> {
  const { user, emulator, moments, limitMs, lookEveryMs, kills, signal } = parts;
  const { name, story } = run;
  const wrong: string[] = [];
  const fails = story === 'failAndResume' || story === 'failWithTeardown';
  const spec = {
    name,
    location: run.location,
    model: run.model,
    onFailure: story === 'failWithTeardown' ? 'teardown' : 'keep',
  };
  let last: Environment | undefined;
  let missed = false;

  async function until(fine: (environment: Environment) => boolean | Promise<boolean>): Promise<Environment> {
    for (const end = Date.now() + limitMs; Date.now() < end;) {
      last = (await user.get(name)) ?? last;
      if (last) {
        moments.see(last);
        if (await fine(last)) return last;
      }
      await sleep(lookEveryMs, undefined, { signal });
    }
    throw new Error(`not at rest in ${limitMs / 1000} s`);
  }

  async function ask(method: string, path: string, body: unknown, ...statuses: number[]): Promise<number> {
    const headers = path.endsWith('/score') ? { 'idempotency-key': `${name}-score` } : {};
    const answer = await user.call(method, path, body, headers);
    if (!statuses.includes(answer.status))
      wrong.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
    return answer.status;
  }

  /** Waits for the story's moment. False when the run is over before. */
  async function moment(): Promise<boolean> {
    const { step, edge, afterMs } = run.moment;
    await until((seen) => atRest(seen) || moments.has(seen, step, edge));
    await sleep(afterMs, undefined, { signal });
    return !atRest(last!);
  }

  const settled = (): Promise<Environment> => until(atRest);

  /** Read before the environment is, so that what the environment then says is said after it. */
  async function resumed(): Promise<boolean> {
    const { body } = await user.call('GET', `/environments/${name}/runs`);
    const { items } = body as { items: { id: string; finishedAt: string | null }[] };
    return items.some(({ id, finishedAt }) => id === 'provision-2' && finishedAt !== null);
  }

  async function resume(): Promise<void> {
    await ask('POST', '/environments', spec, 200, 202);
    await until(resumed);
    await settled();
  }

  async function act(): Promise<void> {
    if (fails) await emulator.addFault(refusal(name, run.refusedType));
    await ask('POST', '/environments', spec, 200, 202);
    if (story === 'stand' || story === 'score' || fails) await settled();
    if (story === 'score' && last?.state === 'ready')
      await ask('POST', `/environments/${name}/score`, { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }, 200);
    // who was told of the refusal was killed before it could say so; the next one is not refused
    if (fails && kills && last?.state === 'ready') missed = true;
    else if (story === 'failAndResume') {
      if (last?.state !== 'failed' || last.failure?.type !== 'Forbidden')
        wrong.push(`refused for good, it is ${last?.state} ${last?.failure?.type}`);
      await resume();
    }
    if (story === 'deleteInTheMiddle') {
      missed = !(await moment());
      await ask('DELETE', `/environments/${name}`, undefined, 202, 200);
      await until((seen) => atRest(seen) && seen.state !== 'ready' && seen.state !== 'cancelled');
    }
    if (story === 'cancel' || story === 'cancelAndResume' || story === 'cancelWithTeardown') {
      const body = story === 'cancelWithTeardown' ? { teardown: true } : undefined;
      const status = (await moment()) ? await ask('POST', `/environments/${name}/cancel`, body, 202, 409) : 409;
      missed = status === 409;
      await settled();
      if (story === 'cancelAndResume' && last?.state === 'cancelled') await resume();
    }
  }

  try {
    await act();
    const ends: readonly string[] = fails && missed ? ['ready'] : stories[story].ends;
    if (!ends.includes(last!.state)) wrong.push(explain(last!));
    return { state: last!.state, environment: last, missed, wrong };
  } catch (error) {
    signal.throwIfAborted();
    wrong.push(`${String(error)}; last seen ${last ? explain(last) : 'nowhere'}`);
    return { state: 'lost', environment: last, missed, wrong };
  }
}

/** Takes an environment down for good; says what is wrong where that does not end with `deleted`. */
export async function takeDown(name: string, { user, limitMs, lookEveryMs, signal }: StoryParts): Promise<string[]> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    const { status } = await user.call('DELETE', `/environments/${name}`);
    if (status !== 202 && status !== 200) return [`DELETE: ${status}`];
    for (const askAgain = Date.now() + 30_000; Date.now() < askAgain;) {
      const seen = await user.get(name);
      if (seen?.state === 'deleted') return [];
      if (seen?.state === 'blocked' && !seen.run) return [explain(seen)];
      await sleep(lookEveryMs, undefined, { signal });
    }
  }
  return [
    `not deleted in ${limitMs / 1000} s: ${JSON.stringify((await user.get(name))?.steps.filter(({ state }) => state !== 'succeeded' && state !== 'pending'))}`,
  ];
}

function explain({ state, failure, receipt, steps }: Environment): string {
  const blockers = receipt && 'blockers' in receipt ? receipt.blockers : [];
  const working = steps.filter(({ state }) => state === 'running' || state === 'retrying');
  return `${state} ${JSON.stringify({ failure, blockers, working })}`;
}
