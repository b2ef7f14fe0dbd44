import { plannedResource } from '../src/domain/resources.ts';
import type { ResourceKey } from '../src/domain/resourceKeys.ts';
import { retryAfterOf } from '../src/emulator/arm/lroReplies.ts';
import { typeRegistry } from '../src/emulator/providers/typeRegistry.ts';
import { refNamed } from '../test/workflows/fixtures.ts';
import { timedSequence } from './criticalPath.ts';
import type { TimedTask } from './criticalPath.ts';

/** Where Azure sends no `Retry-After`: the interval of the Azure SDKs is 2 to 30 seconds. */
const usualRetryAfter = 5;
/** Writes of the tasks that send more than one: code, model and environment version; a run command is deleted at its end. */
const writes: Record<string, number> = { register: 3, run: 2 };

function retryAfterSeconds({ task }: TimedTask): number {
  const key = task.slice('ensure:'.length);
  if (!task.startsWith('ensure:') || key === 'group' || key === 'traffic') return usualRetryAfter;
  const { type } = plannedResource(refNamed('bench'), key as ResourceKey);
  const style = typeRegistry.get(type.toLowerCase())?.style ?? 'sync';
  return retryAfterOf(style, 'put', type) ?? usualRetryAfter;
}

/** Each task sends its write, or one read where it only reads, and polls while its operation runs. */
function requestsOf(timed: TimedTask): number {
  const verb = timed.task.split(':')[0]!;
  return (writes[verb] ?? 1) + Math.ceil(timed.seconds / retryAfterSeconds(timed));
}

/** The fewest ARM requests of a provisioning run: each resource one write and the polls that its duration and `Retry-After` need. */
export const leastRequests = (): number =>
  timedSequence()
    .filter(({ task }) => task !== 'end')
    .reduce((sum, timed) => sum + requestsOf(timed), 0);
