import { alternatives } from './alternatives.ts';
import { console } from './console.ts';
import { fairness } from './fairness.ts';
import { fleet } from './fleet.ts';
import { makespan } from './makespan.ts';
import { orchestration } from './orchestration.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import type { Part } from './part.ts';
import { reads } from './reads.ts';
import { runSize } from './runSize.ts';
import { waiting } from './waiting.ts';
import { watching } from './watching.ts';

/** All parts, in the order in which they run and are printed. */
export const parts: readonly Part[] = [
  makespan,
  runSize,
  orchestration,
  fleet,
  fairness,
  waiting,
  watching,
  console,
  size,
  reads,
  start,
  alternatives,
];
