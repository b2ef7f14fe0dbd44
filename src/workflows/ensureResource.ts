import { sleep } from '@temporalio/workflow';
import type { EnsureResourceInput } from '../activities/resources/ensureResource.ts';
import type { PolicyChange } from '../domain/environment.ts';
import { plannedResource } from '../domain/resources.ts';
import { activityOptions, armRead, armWrite } from './armActivities.ts';

/**
 * One attempt to create a resource, to adopt the existing one, or to write it again. Waits until ARM reports it as Succeeded. `show` gets its
 * states. Returns what policies made stricter.
 */
export async function ensureResource(
  input: EnsureResourceInput,
  show: (state: string) => void = () => {},
): Promise<PolicyChange[]> {
  const { ref, key, options } = input;
  const { step, id, title, name } = plannedResource(ref, key);
  const label = `${title} ${name}`;
  const started = await armWrite.ensureResource.executeWithOptions(activityOptions(step, 'ensure', key, label), [
    input,
  ]);
  show(started.state);
  if (started.token === null && started.state === 'Succeeded') return started.policyChanges ?? [];
  await waitBeforePolling(started);
  const observed = await armRead.observeResource.executeWithOptions(activityOptions(step, 'observe', key, label), [
    { id, token: started.token, requested: { ref, key, options } },
  ]);
  show('Succeeded');
  return [...(started.policyChanges ?? []), ...(observed.policyChanges ?? [])];
}

/** The `Retry-After` of an accepted operation: ARM has nothing to report earlier. */
export async function waitBeforePolling({ retryAfterMs }: { retryAfterMs: number }): Promise<void> {
  if (retryAfterMs > 0) await sleep(retryAfterMs);
}
