import { DefaultLogger, Runtime } from '@temporalio/worker';
import { createDataConverter } from '../temporal/dataConverter.ts';
import { workflowBundle } from './workflowBundle.ts';

// Builds the workflow bundles of workers with and without a build ID, so that no worker of an image has to.
Runtime.install({ logger: new DefaultLogger('WARN') });
const { logger } = Runtime.instance();
const { failureConverterPath } = createDataConverter([{ id: 'any', key: Buffer.alloc(32).toString('base64') }]);
for (const kind of ['plain', 'versioned'] as const) await workflowBundle({ kind, failureConverterPath, logger });
