import { Connection } from '@temporalio/client';

/** A payload, with both its parts. */
interface StoredPayload {
  metadata: Record<string, Uint8Array>;
  data: Uint8Array;
}

/** The payloads of a workflow's memo as Temporal stores them. */
export async function storedMemo(address: string, namespace: string, workflowId: string): Promise<StoredPayload[]> {
  const connection = await Connection.connect({ address });
  const execution = { workflowId };
  const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({
    namespace,
    execution,
  });
  await connection.close();
  return Object.values(workflowExecutionInfo?.memo?.fields ?? {}).map(({ metadata, data }) => ({
    metadata: metadata ?? {},
    data: data ?? new Uint8Array(),
  }));
}
