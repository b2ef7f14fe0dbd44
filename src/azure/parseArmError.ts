import type { Exchange } from './requestContext.ts';

/** What went wrong at ARM, as plain data, whichever SDK threw it. */
export interface ArmError {
  /** ARM's code; a network error's code (`ECONNRESET`); `Unknown` where there is neither */
  code: string;
  /** of the answer; 0 when there was none; null when no request was sent */
  status: number | null;
  message: string;
  /** codes and messages nested below, outermost first */
  details: { code: string; message: string }[];
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
    super(bodyError(exchange.body)?.message ?? `the operation ended ${operationStatus(exchange.body) ?? 'Failed'}`);
    this.name = 'OperationFailed';
    this.exchange = exchange;
  }
}

interface ErrorBody {
  code?: string;
  message?: string;
  details?: ErrorBody[];
  innererror?: ErrorBody;
}

/** The `error` member of an ARM answer, wrapped or bare. */
function bodyError(body: unknown): ErrorBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error } = body as { error?: unknown };
  if (typeof error === 'object' && error !== null) return error;
  const bare = body as ErrorBody;
  return typeof bare.code === 'string' && typeof bare.message === 'string' ? bare : undefined;
}

/** The `status` member of an operation's status document. */
export function operationStatus(body: unknown): string | undefined {
  const status = typeof body === 'object' && body !== null ? (body as { status?: unknown }).status : undefined;
  return typeof status === 'string' ? status : undefined;
}

function nested(error: ErrorBody | undefined): { code: string; message: string }[] {
  const below = [...(error?.details ?? []), ...(error?.innererror ? [error.innererror] : [])];
  return below.flatMap((one) => [{ code: one.code ?? '', message: one.message ?? '' }, ...nested(one)]);
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
  const error = bodyError(answer.body);
  return {
    ...none,
    code: error?.code ?? fallback.code,
    status: answer.status,
    message: error?.message ?? fallback.message,
    details: nested(error),
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

/** Reads whatever the SDKs throw: an answer, a failed operation, a broken connection, a failed sign-in. */
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
  // A broken connection has a code (`ECONNRESET`, `REQUEST_SEND_ERROR`); what has none never left this program.
  const sent = typeof error.code === 'string';
  return { ...none, code: sent ? error.code! : 'Unknown', status: sent ? 0 : null, message, signIn };
}
