import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';
import { problemError } from './problemError.ts';

/** Milliseconds that one request may spend waiting for Moat to become available. */
const retryLimitMs = 120_000;

/** The code of the network error inside the error of `fetch`. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (error as Error).message;
}

const addressRemedy = 'start it with npm start, or correct the address with moat login or MOAT_URL';

async function send(request: Request): Promise<Response> {
  const { origin } = new URL(request.url);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new CliError(exitCodes.unreachable, `Moat at ${origin} cannot be reached: ${reasonOf(error)}`, {
      remedy: addressRemedy,
      cause: error,
    });
  }
  // Every answer of Moat has a request ID. A page of another service may be a success too.
  if (!response.ok || response.headers.has('x-request-id')) return response;
  throw new CliError(exitCodes.unreachable, `What answers at ${origin} is not Moat.`, { remedy: addressRemedy });
}

/** Milliseconds after which the same request may succeed; undefined where Moat does not name a time. */
function retryDelayOf({ status, headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return (status === 503 || status === 429) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** The name in the body of a POST, which the message about a conflict needs. */
async function nameInBody(request: Request): Promise<string | undefined> {
  const body = (await request.json().catch(() => undefined)) as { name?: string } | undefined;
  return typeof body?.name === 'string' ? body.name : undefined;
}

async function refusalOf(response: Response, request: Request): Promise<CliError> {
  const { status, statusText, headers } = response;
  const answer = { status, statusText, requestId: headers.get('x-request-id'), text: await response.text() };
  return problemError(answer, new URL(request.url).pathname, await nameInBody(request));
}

/**
 * `fetch` that repeats a request after `Retry-After`, and throws a CliError for every answer that is not successful. `notify` receives a
 * line before each wait.
 */
export function createFetch(notify: (line: string) => void) {
  return async function retryingFetch(input: string | URL | Request): Promise<Response> {
    const request = new Request(input);
    for (let waited = 0; ;) {
      const response = await send(request.clone());
      if (response.ok) return response;
      const refusal = await refusalOf(response, request.clone());
      const delay = retryDelayOf(response);
      if (delay === undefined || waited + delay > retryLimitMs) throw refusal;
      notify(`${refusal.message} Next attempt in ${delay / 1_000} s.`);
      await sleep(delay, undefined, { signal: request.signal });
      waited += delay + 1_000;
    }
  };
}
