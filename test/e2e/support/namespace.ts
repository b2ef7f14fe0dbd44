import { Connection } from '@temporalio/client';

/** A Temporal namespace of its own, so that test files do not see each other's workflows. */
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
