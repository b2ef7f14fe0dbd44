import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';
import type { ApiConfig, App } from './route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** the owner of the API key, or `local` where no key is required */
    caller: string;
  }
}

/** Whether a route is public: probes, the description of the API, the files of the console and the key of proofs have no information about environments. */
const isOpen = (route: string | undefined): boolean =>
  route !== undefined &&
  /^\/(|console(\/.*)?|healthz|readyz|openapi\.json|\.well-known\/moat-proof-key|docs(\/.*)?)$/.test(route);

/** A CORS preflight request carries no key, and its answer has no content. */
const isPreflight = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'OPTIONS' && routeOptions.config?.allowedOrigin !== undefined;

/** Requires `Authorization: Bearer <key>` where there are keys. Only the hashes of keys are stored. */
export function registerAuthentication(app: App, keys: ApiConfig['api']['keys']): void {
  app.decorateRequest('caller', 'local');
  if (keys === null) return;
  const candidates = keys.map(({ owner, sha256 }) => ({ owner, hash: Buffer.from(sha256, 'hex') }));
  app.addHook('onRequest', async (request) => {
    if (isOpen(request.routeOptions.url) || isPreflight(request)) return;
    const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) throw new HttpProblem('Unauthorized', 'Send `Authorization: Bearer <key>`.');
    const hash = createHash('sha256').update(key).digest();
    const match = candidates.find((candidate) => timingSafeEqual(candidate.hash, hash));
    if (!match) throw new HttpProblem('Unauthorized', 'Unknown API key.');
    request.caller = match.owner;
  });
}
