import { lookup } from 'node:dns/promises';
import { request } from 'node:https';

type ProbeError = 'nxdomain' | 'refused' | 'timeout' | 'tls' | 'noToken' | 'other';

/** The result of a request to a URL from outside the virtual network. */
export interface ProbeResult {
  addresses: string[];
  /** HTTP status; null when no answer came */
  status: number | null;
  /** the first 4,096 characters of the answer */
  body: string | null;
  error: ProbeError | null;
}

/**
 * What to send: by default an unauthenticated GET. A `key` is sent as a bearer token with a POST of an empty JSON object, a `token` as one
 * with a GET, or with such a POST (`post`).
 */
interface RequestOptions {
  key?: string;
  token?: string;
  post?: boolean;
  headers?: Record<string, string>;
}

/** `tokenScope`: sends a token of the worker's own identity for that service. */
export type ProbeOptions = Omit<RequestOptions, 'token'> & { tokenScope?: string };

/** Sends one request from outside. A failed connection is a result, not an exception. */
export type Probe = (url: string, options?: ProbeOptions) => Promise<ProbeResult>;
type SendProbe = (url: string, options: RequestOptions) => Promise<ProbeResult>;

const noToken: ProbeResult = { addresses: [], status: null, body: null, error: 'noToken' };

/** Adds the token of an identity to probes that ask for one. The token stays here. Without one, the result is the error `noToken`. */
export const withIdentity =
  (send: SendProbe, tokenFor: (scope: string) => Promise<string | undefined>): Probe =>
  async (url, { tokenScope, ...options } = {}) => {
    if (tokenScope === undefined) return send(url, options);
    const token = await tokenFor(tokenScope).catch(() => undefined);
    return token === undefined ? noToken : send(url, { ...options, token });
  };

function requestOf({ key, token, post = key !== undefined, headers = {} }: RequestOptions): {
  method: string;
  headers: Record<string, string>;
  body?: string;
} {
  const bearer = token ?? key;
  const authorized = { ...headers, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) };
  if (!post) return { method: 'GET', headers: authorized };
  return { method: 'POST', headers: { ...authorized, 'content-type': 'application/json' }, body: '{}' };
}

const bodyLimit = 4096;
const timeoutMs = 15_000;

const errorOfCode: Record<string, ProbeError> = {
  ENOTFOUND: 'nxdomain',
  ENODATA: 'nxdomain',
  EAI_AGAIN: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  ETIMEDOUT: 'timeout',
};

function probeError(code: string | undefined): ProbeError {
  if (code === undefined) return 'other';
  return errorOfCode[code] ?? (/CERT|SSL|TLS|SIGNATURE|ALTNAME/.test(code) ? 'tls' : 'other');
}

/** Probes from this process, which must run outside the virtual network: public DNS, then https. */
export const probeDirectly: SendProbe = async (url, options) => {
  let addresses: string[];
  try {
    addresses = (await lookup(new URL(url).hostname, { all: true })).map((found) => found.address);
  } catch (error) {
    return { addresses: [], status: null, body: null, error: probeError((error as NodeJS.ErrnoException).code) };
  }
  return new Promise((resolve) => {
    const failed = (code: string | undefined) =>
      resolve({ addresses, status: null, body: null, error: probeError(code) });
    const { method, headers, body: content } = requestOf(options);
    const sent = request(url, { method, headers, timeout: timeoutMs }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        body = (body + chunk).slice(0, bodyLimit);
      });
      answer.on('end', () => resolve({ addresses, status: answer.statusCode ?? null, body, error: null }));
      answer.on('error', (error: NodeJS.ErrnoException) => failed(error.code));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error: NodeJS.ErrnoException) => failed(error.code));
    sent.end(content);
  });
};

interface EmulatedProbeResult {
  addresses: string[];
  status?: number;
  body?: string;
  fault?: string;
}

const errorOfFault: Record<string, ProbeError> = {
  nxdomain: 'nxdomain',
  refused: 'refused',
  timeout: 'timeout',
  certificate: 'tls',
};

/** Probes from outside the emulated network, through the emulator's control route. */
export const probeEmulated =
  (send: (probe: { url: string } & ReturnType<typeof requestOf>) => Promise<unknown>): SendProbe =>
  async (url, options) => {
    const result = (await send({ url, ...requestOf(options) })) as EmulatedProbeResult;
    const error = result.fault === undefined ? null : (errorOfFault[result.fault] ?? 'other');
    return {
      addresses: result.addresses,
      status: result.status ?? null,
      body: result.body?.slice(0, bodyLimit) ?? null,
      error,
    };
  };
