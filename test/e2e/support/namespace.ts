import { Connection } from '@temporalio/client';

/** Registers a Temporal namespace for one test file, so that test files do not share workflows. */
export async function ownNamespace(address: string, name: string): Promise<string> {
  const connection = await Connection.connect({ address });
  const namespace = `${name}-${Date.now().toString(36)}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: (24 * 3600) as never },
  });
  await connection.close();
  return namespace;
}
