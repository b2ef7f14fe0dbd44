import type { Route } from '../route.ts';
import { cancelRun } from './cancel.ts';
import { changeLease } from './change.ts';
import { createEnvironment } from './create.ts';
import { watchEnvironment } from './events.ts';
import { getEnvironment } from './get.ts';
import { listEnvironments } from './list.ts';
import { removeEnvironment } from './remove.ts';
import { getRun, listRuns } from './runs.ts';
import { scoreEnvironment } from './score.ts';

/** Everything below /environments, in the order of the OpenAPI document. */
export const environmentRoutes: readonly Route[] = [
  createEnvironment,
  listEnvironments,
  getEnvironment,
  watchEnvironment,
  changeLease,
  cancelRun,
  removeEnvironment,
  scoreEnvironment,
  listRuns,
  getRun,
];
