import type { Route } from '../route.ts';
import { cancelRun } from './cancelRun.ts';
import { changeLease } from './patchEnvironment.ts';
import { createEnvironment } from './createEnvironment.ts';
import { watchEnvironment } from './environmentEvents.ts';
import { getEnvironment } from './getEnvironment.ts';
import { listEnvironments } from './listEnvironments.ts';
import { watchEnvironments } from './listEvents.ts';
import { readLog } from './readLog.ts';
import { readProof } from './readProof.ts';
import { removeEnvironment } from './removeEnvironment.ts';
import { getRun, listRuns } from './readRuns.ts';
import { scoreEnvironment } from './scoreEnvironment.ts';
import { summarizeEnvironments } from './summarizeEnvironments.ts';
import { verifyEnvironment } from './verifyEnvironment.ts';

/** Everything below /environments, and /events, in the order of the OpenAPI document. */
export const environmentRoutes: readonly Route[] = [
  createEnvironment,
  listEnvironments,
  summarizeEnvironments,
  getEnvironment,
  watchEnvironment,
  watchEnvironments,
  changeLease,
  cancelRun,
  removeEnvironment,
  scoreEnvironment,
  verifyEnvironment,
  readLog,
  readProof,
  listRuns,
  getRun,
];
