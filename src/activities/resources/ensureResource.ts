import { Context } from '@temporalio/activity';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resources.ts';
import { matchesDesired } from './matchesDesired.ts';
import { inProgress } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from './lookup.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import type { EnsureOptions, DesiredState } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

export interface EnsureResourceInput {
  site: EnvironmentRef;
  key: ResourceKey;
  /** look at what is there before anything is sent; a second attempt always does */
  readFirst: boolean;
  options: EnsureOptions;
}

export interface EnsureResult {
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
export async function ensureResource(deps: ActivityDeps, input: EnsureResourceInput): Promise<EnsureResult> {
  const { azure } = deps;
  const { site, key, options } = input;
  const { id } = plannedResource(site, key);
  const noun = resourceTypeOf(id);
  const place = resourceHandle(azure, id);
  const looks = input.readFirst || Context.current().info.attempt > 1;
  const actual = looks ? await lookup(azure, noun.get(place)) : undefined;
  const wanted: DesiredState = { ...place, site, key, options, actual };
  const label = labelOf(id);

  if (actual) {
    const state = provisioningStateOf(actual);
    if (/^deleting$/i.test(state)) throw inProgress(`${label}: ${state}`, azure.delayMs(5));
    if (failedState.test(state)) {
      // An endpoint whose traffic could not be set still has its deployment, which would go with it.
      if (noun.recreateWhenFailed && options.traffic === undefined) {
        const begun = await azure.operations.begin(() => noun.delete(place));
        throw inProgress(`${label}: deleting what failed`, begun.retryAfterMs);
      }
    } else if (!/^succeeded$/i.test(state)) {
      return { id, token: null, state, retryAfterMs: azure.delayMs(5) };
    } else if (matchesDesired(actual, await noun.put!.body(wanted))) {
      return { id, token: null, state, retryAfterMs: 0 };
    }
  }
  if (looks && !actual) {
    for (const other of noun.recreateFirst ?? []) {
      const along = await ensureResource(deps, { site, key: other, readFirst: true, options: {} });
      if (along.state !== 'Succeeded') throw inProgress(`${labelOf(along.id)}: ${along.state}`, along.retryAfterMs);
    }
  }
  const body = await noun.put!.body(wanted);
  const begun = await azure.operations.begin(() => noun.put!.send(place, body));
  const state = begun.token === null ? 'Succeeded' : actual ? 'Updating' : 'Creating';
  return { id, ...begun, state };
}
