import { recordSequence as record } from '../../src/workflows/sequence.ts';
import type { RecordedTask } from '../../src/workflows/sequence.ts';
import { refNamed, specOf } from './fixtures.ts';

export type { RecordedTask };

/** The sequence of a provisioning run, without running anything. */
export const recordSequence = (spec = specOf('recorded')): RecordedTask[] => record(refNamed('recorded'), spec);

/** Whether a task waits for another one, directly or not. */
export const waitsFor = (task: RecordedTask, other: RecordedTask): boolean =>
  task.needs.some((need) => need === other || waitsFor(need, other));
