import type { Client } from '@azure-rest/core-client';
import { createRestError } from '@azure-rest/core-client';
import { createHttpPoller, deserializeState } from '@azure/core-lro';
import type { OperationResponse, OperationState } from '@azure/core-lro';
import { belongsTo } from './endpointPolicy.ts';
import { OperationFailed, operationStatus, retryAfterOf } from './parseArmError.ts';
import { captureExchange } from './requestContext.ts';
import type { Exchange } from './requestContext.ts';

/** What an SDK gives back for a call that may be a long operation: a poller of the newer packages, else a promise. */
export type PollerLike = { submitted(): Promise<void> } | Promise<unknown>;

interface BegunOperation {
  /** resume token of the running operation; null when it was done at once. It holds no result. */
  token: string | null;
  retryAfterMs: number;
}

type PollResult = { done: true } | { done: false; status: string; retryAfterMs: number };

export interface Operations {
  /** Sends one request that may start a long operation. Throws what the SDK throws when ARM refuses it. */
  begin(start: () => PollerLike): Promise<BegunOperation>;
  /** Polls an operation once. Throws OperationFailed when it ended so; after any other error the same token is still valid. */
  poll(token: string): Promise<PollResult>;
}

/**
 * Begins in one process and polls in another, the same for both generations of the SDK: the token is made by one generic poller
 * from the answer to the request itself.
 */
export function createOperations(client: Client, endpoint: string, defaultWaitMs: () => number): Operations {
  const wait = (exchange: Exchange | undefined) => retryAfterOf(exchange?.headers ?? {}) ?? defaultWaitMs();

  const get = async (url: string): Promise<OperationResponse> => {
    const response = await client.pathUnchecked(url).get();
    if (Number(response.status) >= 400) throw createRestError(response);
    return {
      flatResponse: undefined,
      rawResponse: {
        statusCode: Number(response.status),
        headers: response.headers,
        body: response.body,
        request: response.request,
      },
    };
  };

  return {
    begin: (start) =>
      captureExchange(async (scope) => {
        try {
          const started = start();
          await ('submitted' in started ? started.submitted() : started);
        } catch (error) {
          // The older packages poll once inside begin: a failure of that poll is not a refusal of the request.
          if (!scope.write || scope.write.status >= 400 || scope.last === scope.write) throw error;
        }
        const accepted = scope.write;
        if (!accepted) throw new Error('no request was sent');
        const poller = createHttpPoller<undefined, OperationState<undefined>>(
          { sendInitialRequest: async () => initial(accepted), sendPollRequest: get },
          { skipFinalGet: true, processResult: async () => undefined },
        );
        await poller.submitted();
        return { token: poller.isDone ? null : await poller.serialize(), retryAfterMs: wait(accepted) };
      }),

    poll: (token) =>
      captureExchange(async (scope) => {
        const { operationLocation, metadata } = deserializeState<undefined, OperationState<undefined>>(token).config;
        if (!operationLocation || !belongsTo(endpoint, operationLocation)) {
          throw new Error('the resume token does not belong to this Azure Resource Manager');
        }
        const poller = createHttpPoller<undefined, OperationState<undefined>>(
          {
            sendInitialRequest: () => Promise.reject(new Error('a resumed operation sends no initial request')),
            sendPollRequest: get,
          },
          { restoreFrom: token, skipFinalGet: true, processResult: async () => undefined },
        );
        try {
          await poller.poll();
        } catch (error) {
          if (scope.last && isOperationResult(scope.last, metadata?.['mode'])) throw new OperationFailed(scope.last);
          throw error;
        }
        if (poller.isDone) return { done: true };
        return {
          done: false,
          status: operationStatus(scope.last?.body) ?? 'InProgress',
          retryAfterMs: wait(scope.last),
        };
      }),
  };
}

/** A status document says how the operation ended; polled by `Location`, the operation's own error is the answer to the poll. */
function isOperationResult(answer: Exchange, mode: string | undefined): boolean {
  return answer.status < 400 || (mode === 'ResourceLocation' && (answer.status === 400 || answer.status === 409));
}

function initial(accepted: Exchange): OperationResponse {
  return {
    flatResponse: undefined,
    rawResponse: {
      statusCode: accepted.status,
      headers: accepted.headers,
      body: accepted.body,
      request: { url: accepted.url, method: accepted.method },
    },
  };
}
