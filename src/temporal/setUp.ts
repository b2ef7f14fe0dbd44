import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../workflows/messages.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const indexedType = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
};
const retentionSeconds = 30 * 24 * 3600;
const alreadyExists = 6;

/**
 * Prepares a namespace, on a dev server and a cluster alike, as often as it is called: the search attributes (a workflow
 * that upserts an unknown one hangs) and thirty days in which ended environments can be read.
 */
export async function setUpTemporal(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService, workflowService } = client.connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  for (const { name, type } of Object.values(searchAttributes)) {
    if (customAttributes?.[name]) continue;
    try {
      await operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: indexedType[type] } });
    } catch (error) {
      // another process of ours was faster
      if (!isGrpcServiceError(error) || (error.code as number) !== alreadyExists) throw error;
    }
  }
  const { config } = await workflowService.describeNamespace({ namespace });
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) < retentionSeconds)
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: retentionSeconds as never } },
    });
}
