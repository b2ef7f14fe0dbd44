import type { Payload, PayloadCodec } from '@temporalio/common';
import Type from 'typebox';
import type { Static } from 'typebox';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** pages of this origin may use the route through a visitor's browser, beside our own */
    allowedOrigin?: string;
  }
}

/** What Temporal's tools show payloads with. */
export interface CodecDeps extends PayloadCodec {
  /** address of the Temporal UI, the only page that may ask; null: none may */
  temporalUi: string | null;
}

/** Payloads as protobuf's JSON has them: bytes in base64. */
const PayloadsBody = Type.Object({
  payloads: Type.Array(
    Type.Object({
      metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
      data: Type.Optional(Type.String()),
    }),
  ),
});
type PayloadsBody = Static<typeof PayloadsBody>;

/** A page of history has more in it than a request to score. */
const bodyLimit = 8 * 1024 * 1024;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const mapped = <A, B>(values: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

const read = ({ payloads }: PayloadsBody): Payload[] =>
  payloads.map(({ metadata = {}, data = '' }) => ({
    metadata: mapped(metadata, (value) => Buffer.from(value, 'base64')),
    data: Buffer.from(data, 'base64'),
  }));
const written = (payloads: Payload[]): PayloadsBody => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: mapped(metadata ?? {}, base64),
    data: base64(data ?? new Uint8Array()),
  })),
});

/**
 * POST /codec/decode and /codec/encode: what Temporal's UI and its command line show encrypted payloads with (Temporal docs:
 * codec server). Asks for a key where the API does; the Temporal UI's origin alone may call from a browser.
 */
export function registerCodec(app: App, { temporalUi, encode, decode }: CodecDeps): void {
  const origin = temporalUi === null ? undefined : new URL(temporalUi).origin;
  const cors = origin !== undefined && {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'authorization, content-type, x-namespace',
    'access-control-allow-methods': 'POST',
    vary: 'origin',
  };
  const work = { encode, decode };
  for (const name of ['encode', 'decode'] as const) {
    const url = `/codec/${name}`;
    const config = origin === undefined ? {} : { allowedOrigin: origin };
    app.options(url, { schema: { hide: true }, config }, async (_, reply) =>
      reply
        .code(204)
        .headers({ ...cors })
        .send(),
    );
    app.post(url, { schema: { hide: true, body: PayloadsBody }, config, bodyLimit }, async (request, reply) => {
      reply.headers({ ...cors });
      return written(await work[name](read(request.body)));
    });
  }
}
