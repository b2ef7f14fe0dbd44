import { fleet } from './fleet.ts';
import { makespan } from './makespan.ts';
import { orchestration } from './orchestration.ts';
import { start } from './start.ts';
import type { Part } from './part.ts';

/** All parts, in the order in which they run and are printed. */
export const parts: readonly Part[] = [makespan, orchestration, fleet, start];
