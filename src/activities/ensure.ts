import { Context } from '@temporalio/activity';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import type { ResourceKey } from '../domain/resources.ts';
import { covers } from './covers.ts';
import { inProgress } from './failure.ts';
import type { Deps } from './guarded.ts';
import { lookup } from './lookup.ts';
import { at, stateOf } from './noun.ts';
import type { EnsureOptions, Wanted } from './noun.ts';
import { labelOf, nounOf } from './nouns.ts';

export interface EnsureResourceInput {
  site: EnvironmentRef;
  key: ResourceKey;
  /** look at what is there before anything is sent; a second attempt always does */
  look: boolean;
  options: EnsureOptions;
}

export interface Ensured {
  id: string;
  /** of the operation to watch; null: watch the resource */
  token: string | null;
  /** ARM's provisioningState */
  state: string;
  retryAfterMs: number;
}

const failedState = /^(failed|canceled)$/i;

/**
 * Begins to make a resource what it must be, or finds that it is, or that Azure is already at it: absent or Failed is sent,
 * in progress is watched, Succeeded and equal is done. Throws `InProgress` while one that failed is being deleted first.
 */
export async function ensureResource(deps: Deps, input: EnsureResourceInput): Promise<Ensured> {
  const { azure } = deps;
  const { site, key, options } = input;
  const { id } = plannedResource(site, key);
  const noun = nounOf(id);
  const place = at(azure, id);
  const looks = input.look || Context.current().info.attempt > 1;
  const actual = looks ? await lookup(azure, noun.get(place)) : undefined;
  const wanted: Wanted = { ...place, site, key, options, actual };
  const label = labelOf(id);

  if (actual) {
    const state = stateOf(actual);
    if (/^deleting$/i.test(state)) throw inProgress(`${label}: ${state}`, azure.pace(5));
    if (failedState.test(state)) {
      // An endpoint whose traffic could not be set still has its deployment, which would go with it.
      if (noun.recreateWhenFailed && options.traffic === undefined) {
        const begun = await azure.operations.begin(() => noun.delete(place));
        throw inProgress(`${label}: deleting what failed`, begun.retryAfterMs);
      }
    } else if (!/^succeeded$/i.test(state)) {
      return { id, token: null, state, retryAfterMs: azure.pace(5) };
    } else if (covers(actual, await noun.put!.body(wanted))) {
      return { id, token: null, state, retryAfterMs: 0 };
    }
  }
  if (looks && !actual) {
    for (const other of noun.takesAlong ?? []) {
      const along = await ensureResource(deps, { site, key: other, look: true, options: {} });
      if (along.state !== 'Succeeded') throw inProgress(`${labelOf(along.id)}: ${along.state}`, along.retryAfterMs);
    }
  }
  const body = await noun.put!.body(wanted);
  const begun = await azure.operations.begin(() => noun.put!.send(place, body));
  const state = begun.token === null ? 'Succeeded' : actual ? 'Updating' : 'Creating';
  return { id, ...begun, state };
}
