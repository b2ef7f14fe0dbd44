import { InterceptingCall } from '@grpc/grpc-js';
import type { Interceptor } from '@grpc/grpc-js';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/** Counts of calls by method, like `DescribeWorkflowExecution`. */
export interface CallCounts {
  /** how many calls have been started */
  started: (method: string) => number;
  /** how many calls have no answer yet */
  open: (method: string) => number;
  total: () => number;
  reset: () => void;
}

const add = (counts: Map<string, number>, method: string, change: number): void =>
  void counts.set(method, (counts.get(method) ?? 0) + change);

/** A connection to Temporal that counts its calls; a retried call counts once for each attempt. */
export function countingConnection(address: string): { connection: Connection; counts: CallCounts } {
  const started = new Map<string, number>();
  const open = new Map<string, number>();
  const count: Interceptor = (options, nextCall) => {
    const method = options.method_definition.path.split('/').at(-1)!;
    return new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        add(started, method, 1);
        add(open, method, 1);
        next(metadata, {
          onReceiveStatus(status, nextStatus) {
            add(open, method, -1);
            nextStatus(status);
          },
        });
      },
    });
  };
  const connection = Connection.lazy({
    address,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), count],
  });
  return {
    connection,
    counts: {
      started: (method) => started.get(method) ?? 0,
      open: (method) => open.get(method) ?? 0,
      total: () => [...started.values()].reduce((sum, calls) => sum + calls, 0),
      reset: () => started.clear(),
    },
  };
}
