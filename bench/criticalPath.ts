import { plannedResource } from '../src/domain/resources.ts';
import type { ResourceKey } from '../src/domain/resourceKeys.ts';
import durations from '../src/emulator/data/durations.json' with { type: 'json' };
import { typeRegistry } from '../src/emulator/providers/typeRegistry.ts';
import { refNamed } from '../test/workflows/fixtures.ts';
import { recordSequence } from '../test/workflows/recordSequence.ts';
import type { RecordedTask } from '../test/workflows/recordSequence.ts';

type Duration = Exclude<keyof typeof durations, 'about'>;

/** Durations of the tasks that are not a resource's PUT. Other tasks take no time. */
const taskDurations: Record<string, Duration[]> = {
  'run:setUp': ['jumpbox.setup'],
  'run:buildImage': ['image.build', 'image.push', 'model.upload'],
  'run:verify': ['runCommand.minimum'],
  'run:score': ['runCommand.minimum'],
  'ensure:traffic': ['onlineEndpoint.traffic'],
  'delete:buildInternetRule': ['networkSecurityGroup.put'],
};

/** The duration keys of a resource's PUT, from its type in the emulator. */
function putOf(task: string): string[] {
  const key = task.slice('ensure:'.length);
  if (!task.startsWith('ensure:') || key === 'group') return [];
  const { type } = plannedResource(refNamed('bench'), key as ResourceKey);
  return [typeRegistry.get(type.toLowerCase())?.duration.put ?? []].flat();
}

/** Seconds at Azure's speed. */
function secondsOf({ task }: RecordedTask): number {
  const keys = taskDurations[task] ?? putOf(task);
  return keys.reduce((sum, key) => sum + Number(durations[key as Duration][0]), 0);
}

/** The longest chain of dependent tasks, by the durations of the emulator's operations at Azure's speed. */
export function criticalPath(): { seconds: number; tasks: string[] } {
  const ends = new Map<RecordedTask, { seconds: number; tasks: string[] }>();
  const none = { seconds: 0, tasks: [] as string[] };
  let longest = none;
  // tasks are recorded after those that they need
  for (const task of recordSequence()) {
    const before = task.needs.map((need) => ends.get(need)!).reduce((a, b) => (b.seconds > a.seconds ? b : a), none);
    const own = secondsOf(task);
    const end = { seconds: before.seconds + own, tasks: own > 0 ? [...before.tasks, task.task] : before.tasks };
    ends.set(task, end);
    if (end.seconds > longest.seconds) longest = end;
  }
  return longest;
}
