import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { workflowBundle } from '../../src/main/workflowBundle.ts';

const logger = new DefaultLogger('ERROR');

test('the stored workflow bundle is the one that the present sources give', async () => {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  const interceptors = fileURLToPath(new URL('../../src/workflows/traceInterceptors.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    preloadModules: [workflowsPath],
    logger,
  });
  await workflowBundle({ kind: 'plain', logger });
  const stored = await workflowBundle({ kind: 'plain', logger });
  expect(stored.code === code).toBe(true);
});
