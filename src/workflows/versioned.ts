/**
 * The same workflow types for a worker that has a build: its runs end on the build that they began on (the worker's
 * default), but an environment lives for days, and goes on with the current build. Without a build, Temporal refuses what this sets.
 */
import { setWorkflowOptions } from '@temporalio/workflow';
import { environment } from './environment.ts';

setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, environment);

export * from './index.ts';
