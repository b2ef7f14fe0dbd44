import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, RunRecord } from '../src/domain/environment.ts';
import { openInternet } from './accounting.ts';
import type { Finding } from './accounting.ts';
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
  /** what was to befall the run reached nobody, or came when it was at its end */
  missed: 'in vain' | 'too late' | undefined;
  /** in the stories that fail: Azure has refused what it was to refuse */
  refused: boolean;
  /** what should not have been, in words */
  wrong: string[];
  /** rules that were open while the environment was at rest in the middle of the story */
  open: Finding[];
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
  const open: Finding[] = [];
  const fails = story === 'failAndResume' || story === 'failWithTeardown';
  const spec = {
    name,
    location: run.location,
    model: run.model,
    onFailure: story === 'failWithTeardown' ? 'teardown' : 'keep',
  };
  let last: Environment | undefined;
  let missed: Told['missed'];
  let refused = false;

  async function until(
    fine: (environment: Environment) => boolean | Promise<boolean>,
    what = 'at rest',
  ): Promise<Environment> {
    for (const end = Date.now() + limitMs; Date.now() < end;) {
      last = (await user.get(name)) ?? last;
      if (last) {
        moments.see(last);
        if (await fine(last)) return last;
      }
      await sleep(lookEveryMs, undefined, { signal });
    }
    throw new Error(`not ${what} in ${limitMs / 1000} s`);
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

  const runOf = async (id: string): Promise<RunRecord | undefined> =>
    (await user.runs(name)).find((run) => run.id === id);

  /** Read before the environment is, so that what the environment then says is said after it. */
  const resumed = async (): Promise<boolean> => ((await runOf('provision-2'))?.finishedAt ?? null) !== null;

  async function resume(): Promise<void> {
    // the next run opens the Internet itself: what is open now would not be seen later
    open.push(...openInternet(name, await emulator.resources()));
    await ask('POST', '/environments', spec, 200, 202);
    await until(resumed);
    await settled();
  }

  /** Asks for the run's end at the story's moment. */
  async function cancel(): Promise<void> {
    const teardown = story === 'cancelWithTeardown';
    const body = teardown ? { teardown } : undefined;
    const status = (await moment()) ? await ask('POST', `/environments/${name}/cancel`, body, 202, 409) : 409;
    // a teardown that was promised comes, also when the run was at its end
    if (teardown && status === 202) await until((seen) => atRest(seen) && seen.state !== 'ready', 'taken down');
    else await settled();
    if (last?.state !== 'ready') return;
    missed = status === 409 ? 'in vain' : 'too late';
    const outcome = missed === 'too late' ? (await runOf('provision-1'))?.outcome : 'succeeded';
    if (outcome !== 'succeeded') wrong.push(`being cancelled, it became ready by a run that ended ${outcome}`);
  }

  async function act(): Promise<void> {
    const fault = fails ? await emulator.addFault(refusal(name, run.refusedType)) : undefined;
    await ask('POST', '/environments', spec, 200, 202);
    if (story === 'stand' || story === 'score' || fails) await settled();
    if (story === 'score' && last?.state === 'ready')
      await ask('POST', `/environments/${name}/score`, { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }, 200);
    if (fault) refused = (await emulator.faults()).some(({ id, hits }) => id === fault.id && hits > 0);
    // who was told of the refusal was killed before it could say so; the next one is not refused
    if (fails && (kills || !refused) && last?.state === 'ready') missed = 'in vain';
    else if (story === 'failAndResume') {
      if (last?.state !== 'failed' || last.failure?.type !== 'Forbidden')
        wrong.push(`refused for good, it is ${last?.state} ${last?.failure?.type}`);
      if (last?.state === 'failed') await resume();
    }
    if (story === 'deleteInTheMiddle') {
      if (!(await moment())) missed = 'in vain';
      await ask('DELETE', `/environments/${name}`, undefined, 202, 200);
      await until((seen) => atRest(seen) && seen.state !== 'ready' && seen.state !== 'cancelled');
    }
    if (story === 'cancel' || story === 'cancelAndResume' || story === 'cancelWithTeardown') await cancel();
    if (story === 'cancelAndResume' && last?.state === 'cancelled') await resume();
  }

  try {
    await act();
    if (last!.state !== stories[story][missed ? 'missed' : 'ends']) wrong.push(explain(last!));
    return { state: last!.state, environment: last, missed, refused, wrong, open };
  } catch (error) {
    signal.throwIfAborted();
    wrong.push(`${String(error)}; last seen ${last ? explain(last) : 'nowhere'}`);
    return { state: 'lost', environment: last, missed, refused, wrong, open };
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
