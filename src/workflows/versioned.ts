/**
 * The workflow types for a worker with a build id. Its runs complete on the build that they started on (the worker's default); an
 * environment lives for days and continues on the current build. Temporal rejects this option for a worker without a build id.
 */
import { setWorkflowOptions } from '@temporalio/workflow';
import { environment } from './environment.ts';

setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, environment);

export * from './index.ts';
