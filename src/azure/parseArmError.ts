import { errorEntries } from './errorEntries.ts';
import type { ErrorEntry } from './errorEntries.ts';
import type { Exchange } from './requestContext.ts';

/** An error of ARM or of the connection to it, as plain data, independent of the SDK that threw it. */
export interface ArmError {
  /** ARM's code; without one the prefix of its message; a network error's code (`ECONNRESET`); `Unknown` where there is none */
  code: string;
  /** of the answer; 0 when there was none; null when no request was sent */
  status: number | null;
  message: string;
  /** what ARM blames: a resource id, or a member of the request's body */
  target?: string;
  /** the errors nested below, also as JSON inside a text, outermost first */
  details: ErrorEntry[];
  retryAfterMs: number | null;
  requestId: string | null;
  correlationId: string | null;
  /** the request was accepted and its long operation ended Failed or Canceled */
  operation: boolean;
  /** no credential could be used to sign in */
  signIn: boolean;
}

/** A long operation that ended Failed or Canceled, with its status document. */
export class OperationFailed extends Error {
  readonly exchange: Exchange;
  constructor(exchange: Exchange) {
    super(`the operation ended ${operationStatus(exchange.body) ?? 'Failed'}`);
    this.name = 'OperationFailed';
    this.exchange = exchange;
  }
}

/** The `status` member of an operation's status document. */
export function operationStatus(body: unknown): string | undefined {
  const status = typeof body === 'object' && body !== null ? (body as { status?: unknown }).status : undefined;
  return typeof status === 'string' ? status : undefined;
}

/** Milliseconds of `x-ms-retry-after-ms`, else of `Retry-After` in seconds or as a date; null when an answer has neither. */
export function retryAfterOf(headers: Record<string, string>): number | null {
  const ms = Number(headers['x-ms-retry-after-ms']);
  if (Number.isFinite(ms) && ms > 0) return ms;
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds > 0 ? seconds * 1000 : null;
  const wait = Date.parse(text) - Date.now();
  return wait > 0 ? wait : null;
}

const none: Omit<ArmError, 'code' | 'status' | 'message'> = {
  retryAfterMs: null,
  requestId: null,
  correlationId: null,
  operation: false,
  signIn: false,
  details: [],
};

function fromAnswer(
  answer: Pick<Exchange, 'status' | 'headers' | 'body'>,
  fallback: { code: string; message: string },
): ArmError {
  const [error, ...details] = errorEntries(answer.body);
  return {
    ...none,
    code: error?.code || fallback.code,
    status: answer.status,
    message: error?.message || fallback.message,
    ...(error?.target === undefined ? {} : { target: error.target }),
    details,
    retryAfterMs: retryAfterOf(answer.headers),
    requestId: answer.headers['x-ms-request-id'] ?? null,
    correlationId: answer.headers['x-ms-correlation-request-id'] ?? null,
  };
}

const signInErrors = /^(CredentialUnavailable|AggregateAuthentication|Authentication|AuthenticationRequired)Error$/;

interface RestErrorLike {
  name?: string;
  message?: string;
  code?: string;
  statusCode?: number;
  details?: unknown;
  response?: { headers?: { toJSON?: () => Record<string, string> } };
}

/** Parses what the SDKs throw: an error answer, a failed operation, a broken connection, a failed sign-in. */
export function parseArmError(thrown: unknown): ArmError {
  if (thrown instanceof OperationFailed) {
    const status = operationStatus(thrown.exchange.body) ?? 'Failed';
    const code = /^cancell?ed$/i.test(status) ? 'OperationCanceled' : 'OperationFailed';
    return { ...fromAnswer(thrown.exchange, { code, message: thrown.message }), operation: true };
  }
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }) as RestErrorLike;
  const message = error.message ?? 'unknown error';
  const signIn = signInErrors.test(error.name ?? '');
  if (error.statusCode !== undefined) {
    const headers = error.response?.headers?.toJSON?.() ?? {};
    const answer = { status: error.statusCode, headers, body: error.details };
    return { ...fromAnswer(answer, { code: error.code ?? 'Unknown', message }), signIn };
  }
  // A broken connection has a code (`ECONNRESET`, `REQUEST_SEND_ERROR`); an error without a code means that no request was sent.
  const sent = typeof error.code === 'string';
  return { ...none, code: sent ? error.code! : 'Unknown', status: sent ? 0 : null, message, signIn };
}
