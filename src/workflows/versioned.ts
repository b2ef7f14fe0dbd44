/**
 * The same workflow types for a worker that has a build. Its runs complete on the build that they started on (the worker's default).
 * Environments and moves live for days, and a repetition of proofs for an interval; they continue on the current build. Without a build, Temporal refuses these options.
 */
import { setWorkflowOptions } from '@temporalio/workflow';
import { environment } from './environment.ts';
import { move } from './move.ts';
import { verifyEnvironments } from './verifyEnvironments.ts';

setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, environment);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, move);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, verifyEnvironments);

export * from './index.ts';
