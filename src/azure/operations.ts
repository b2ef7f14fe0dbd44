import type { Client } from '@azure-rest/core-client';
import { createRestError } from '@azure-rest/core-client';
import { createHttpPoller, deserializeState } from '@azure/core-lro';
import type { OperationResponse, OperationState } from '@azure/core-lro';
import { belongsTo } from './endpointPolicy.ts';
import { OperationFailed, operationStatus, retryAfterOf } from './parseArmError.ts';
import { captureExchange } from './requestContext.ts';
import type { Exchange } from './requestContext.ts';

/** The result of an SDK call that may start a long operation: a poller of the newer packages, else a promise. */
export type PollerLike = { submitted(): Promise<void> } | Promise<unknown>;

interface BegunOperation {
  /** resume token of the running operation, without a result; null when the operation ended with the request */
  token: string | null;
  retryAfterMs: number;
  /** the resource in the answer to a request that ended at once, where the SDK returns it */
  answer?: object;
}

export type PollResult = { done: true } | { done: false; status: string; retryAfterMs: number };

export interface Operations {
  /** Sends one request that may start a long operation. Throws what the SDK throws when ARM refuses it. */
  begin(start: () => PollerLike): Promise<BegunOperation>;
  /** Polls an operation once. Throws OperationFailed when it ended Failed or Canceled; after any other error the token is still valid. */
  poll(token: string): Promise<PollResult>;
}

/**
 * Starts long operations and polls them by their token, possibly in another process. Both generations of the SDK work alike: a generic
 * poller creates the token from the answer to the request.
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
        let answer: unknown;
        try {
          const started = start();
          answer = await ('submitted' in started ? started.submitted() : started);
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
        if (!poller.isDone) return { token: await poller.serialize(), retryAfterMs: wait(accepted) };
        return { token: null, retryAfterMs: wait(accepted), ...(isResource(answer) && { answer }) };
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

/** An id is what every resource has, and what a poller of the older packages lacks. */
const isResource = (answer: unknown): answer is object =>
  typeof answer === 'object' && answer !== null && 'id' in answer;

/** Whether a failed poll is the operation's result. A status document has the result; with `Location`, the answer to the poll is the result. */
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
