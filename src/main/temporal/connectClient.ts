import { Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

/** Bytes. A page of a list has up to a hundred environments, each with up to 200 KB of runs; gRPC's own limit is 4 MB. */
const longestAnswer = 128 * 1024 * 1024;

/** Connects to Temporal. The SDK (1.24.0) means to set the same limit, but names the option without `grpc.`, so that it has no effect. */
export const connectClient = (options: ConnectionOptions): Promise<Connection> =>
  Connection.connect({
    ...options,
    channelArgs: { 'grpc.max_receive_message_length': longestAnswer, ...options.channelArgs },
  });
