import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
const { DescribeWorkflowExecutionResponse } = proto.temporal.api.workflowservice.v1;

/** Payloads in protobuf's JSON: bytes in base64. */
interface Payload {
  metadata: Record<string, string>;
  data?: string;
}
type Decode = (payloads: Payload[]) => Promise<Payload[]>;

export interface Histories {
  workflowIds: string[];
  /** all stored data as text, with payloads as Latin-1 */
  raw: string;
  /** the same with decoded payloads */
  decoded: string;
}

function payloadsIn(value: unknown): Payload[] {
  if (value === null || typeof value !== 'object') return [];
  if ('metadata' in value && typeof (value.metadata as Payload['metadata'] | null)?.['encoding'] === 'string')
    return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}

const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');

/** All data that Temporal returns about the workflows of a namespace: histories, and descriptions with memo and pending activities. */
export async function historiesOf(address: string, namespace: string, decode: Decode): Promise<Histories> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const records: unknown[] = [];
  const workflowIds: string[] = [];
  const { executions } = await client.workflowService.listWorkflowExecutions({ namespace, pageSize: 1000 });
  for (const { execution } of executions) {
    const history = await client.workflow.getHandle(execution!.workflowId!, execution!.runId!).fetchHistory();
    const description = await client.workflowService.describeWorkflowExecution({ namespace, execution: execution! });
    workflowIds.push(execution!.workflowId!);
    records.push(
      JSON.parse(JSON.stringify(History.toObject(History.fromObject(history), { bytes: String, longs: String }))),
      JSON.parse(
        JSON.stringify(
          DescribeWorkflowExecutionResponse.toObject(DescribeWorkflowExecutionResponse.fromObject(description), {
            bytes: String,
            longs: String,
          }),
        ),
      ),
    );
  }
  await connection.close();
  const payloads = payloadsIn(records);
  const raw = JSON.stringify(records) + payloads.map(({ data }) => bytes(data).toString('latin1')).join('\n');
  const decoded: string[] = [JSON.stringify(records)];
  for (let at = 0; at < payloads.length; at += 500)
    for (const { data } of await decode(payloads.slice(at, at + 500))) decoded.push(bytes(data).toString());
  return { workflowIds, raw, decoded: decoded.join('\n') };
}
