/** A worker with the bare workflows, as a process of its own, for the server at TEMPORAL_ADDRESS. It encrypts payloads as Moat's workers do. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadConfig } from '../src/config.ts';
import { createDataConverter } from '../src/temporal/dataConverter.ts';

Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS']! });
const worker = await Worker.create({
  connection,
  dataConverter: createDataConverter(loadConfig().encryptionKeys),
  taskQueue: 'bench-bare',
  workflowsPath: fileURLToPath(new URL('./bareWorkflows.ts', import.meta.url)),
  activities: { nothing: async () => {} },
  // as many as a worker of Moat keeps
  maxCachedWorkflows: 1_500,
});
// The channel closes when the benchmark ends, however it ends.
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
await worker.run();
