import { DefaultLogger, Runtime } from '@temporalio/worker';
import { createDataConverter } from '../temporal/dataConverter.ts';
import { workflowBundle } from './workflowBundle.ts';

// Builds the workflow bundles of every configuration, so that no worker of an image has to.
Runtime.install({ logger: new DefaultLogger('WARN') });
const { logger } = Runtime.instance();
const encrypted = createDataConverter([{ id: 'any', key: Buffer.alloc(32).toString('base64') }]).failureConverterPath;
for (const kind of ['plain', 'versioned'] as const)
  for (const failureConverterPath of [undefined, encrypted])
    await workflowBundle({ kind, failureConverterPath, logger });
