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

/** A task with its seconds at Azure's speed. Each comes after those that it needs. */
export interface TimedTask {
  task: string;
  seconds: number;
  needs: TimedTask[];
}

/** The tasks of a provisioning run with the durations of the emulator's operations. */
export function timedSequence(): TimedTask[] {
  const timed = new Map<RecordedTask, TimedTask>();
  for (const recorded of recordSequence()) {
    const { task } = recorded;
    const keys = taskDurations[task] ?? putOf(task);
    const seconds = keys.reduce((sum, key) => sum + Number(durations[key as Duration][0]), 0);
    timed.set(recorded, { task, seconds, needs: recorded.needs.map((need) => timed.get(need)!) });
  }
  return [...timed.values()];
}

/** The longest chain of dependent tasks. */
export function longestPath(sequence: readonly TimedTask[]): { seconds: number; tasks: string[] } {
  const ends = new Map<TimedTask, { seconds: number; tasks: string[] }>();
  const none = { seconds: 0, tasks: [] as string[] };
  let longest = none;
  for (const timed of sequence) {
    const { task, seconds, needs } = timed;
    const before = needs.map((need) => ends.get(need) ?? none).reduce((a, b) => (b.seconds > a.seconds ? b : a), none);
    const end = { seconds: before.seconds + seconds, tasks: seconds > 0 ? [...before.tasks, task] : before.tasks };
    ends.set(timed, end);
    if (end.seconds > longest.seconds) longest = end;
  }
  return longest;
}

/** The longest chain of dependent tasks of a provisioning run, by the durations of the emulator's operations at Azure's speed. */
export const criticalPath = (): { seconds: number; tasks: string[] } => longestPath(timedSequence());
