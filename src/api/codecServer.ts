import type { Payload, PayloadCodec } from '@temporalio/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../domain/problem.ts';
import type { JsonLimits } from '../domain/jsonLimits.ts';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** pages of this origin may use the route through a visitor's browser, beside our own */
    allowedOrigin?: string;
  }
}

/** Encrypts and decrypts payloads for Temporal's UI and CLI. */
export interface CodecDeps extends PayloadCodec {
  /** address of the Temporal UI, whose pages may call the codec from a browser; null: no pages may */
  temporalUi: string | null;
}

/** Payloads in protobuf's JSON: bytes in base64. */
interface JsonPayloads {
  payloads: { metadata: Record<string, string>; data: string }[];
}

/** A page of history has at most 4 MiB, Temporal's limit of a gRPC message, before base64. */
const bodyLimit = 8 * 1024 * 1024;
const maxPayloads = 2000;
const maxMetadata = 16;
const jsonLimits: JsonLimits = { depth: 5, values: 20_000, stringLength: bodyLimit, memberNameLength: 256 };

/** A request takes up to 30 MiB of memory while it is processed. */
const maxConcurrent = 4;

const invalid = (path: string, message: string): Problem =>
  new Problem('InvalidBody', 'Validation failed.', { errors: [{ path, message }] });

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function bytesOf(value: unknown, path: string): Buffer {
  if (typeof value !== 'string') throw invalid(path, 'must be a string in base64');
  return Buffer.from(value, 'base64');
}

/** The payloads of a body. Throws InvalidBody with the first error only: a schema would collect one for each payload. */
function payloadsOf(body: unknown): Payload[] {
  const payloads = isObject(body) ? body['payloads'] : undefined;
  if (!Array.isArray(payloads)) throw invalid('/payloads', 'must be an array');
  if (payloads.length > maxPayloads) throw invalid('/payloads', `must have at most ${maxPayloads} payloads`);
  return payloads.map((payload: unknown, index) => {
    const path = `/payloads/${index}`;
    if (!isObject(payload)) throw invalid(path, 'must be an object');
    const { metadata = {}, data = '' } = payload;
    if (!isObject(metadata)) throw invalid(`${path}/metadata`, 'must be an object');
    const entries = Object.entries(metadata);
    if (entries.length > maxMetadata) throw invalid(`${path}/metadata`, `must have at most ${maxMetadata} members`);
    return {
      metadata: Object.fromEntries(entries.map(([name, value]) => [name, bytesOf(value, `${path}/metadata`)])),
      data: bytesOf(data, `${path}/data`),
    };
  });
}

const toJson = (payloads: Payload[]): JsonPayloads => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
    data: base64(data ?? new Uint8Array()),
  })),
});

/** A hook that admits `maximum` concurrent requests before their bodies are read, and refuses others with Unavailable. */
function admit(maximum: number) {
  let running = 0;
  return async (_: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (running >= maximum)
      throw new Problem('Unavailable', `The codec handles at most ${maximum} requests at once.`, { retryAfter: 1 });
    running += 1;
    reply.raw.once('close', () => (running -= 1));
  };
}

/**
 * POST /codec/decode and /codec/encode: a codec server for Temporal's UI and CLI (Temporal docs: codec server). For operators; of other origins only the Temporal UI's may call from a browser.
 */
export function registerCodec(app: App, { temporalUi, encode, decode }: CodecDeps): void {
  const origin = temporalUi === null ? undefined : new URL(temporalUi).origin;
  const cors = origin !== undefined && {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'authorization, content-type, x-namespace',
    'access-control-allow-methods': 'POST',
    vary: 'origin',
  };
  const operations = { encode, decode };
  const onRequest = admit(maxConcurrent);
  const config = { jsonLimits, ...(origin !== undefined && { allowedOrigin: origin }) };
  for (const name of ['encode', 'decode'] as const) {
    const url = `/codec/${name}`;
    const schema = { hide: true, operationId: `${name}Payloads` };
    app.options(url, { schema, config }, async (_, reply) =>
      reply
        .code(204)
        .headers({ ...cors })
        .send(),
    );
    app.post(url, { schema, config, bodyLimit, onRequest }, async (request, reply) => {
      reply.headers({ ...cors });
      return toJson(await operations[name](payloadsOf(request.body)));
    });
  }
}
