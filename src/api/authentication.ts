import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';
import type { ApiConfig, App } from './route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** who calls: the key's owner, or `local` where the API is on loopback and asks for no key */
    caller: string;
  }
}

/** What tells nothing of anybody's environments: probes and the description of the API. */
const isOpen = (route: string | undefined): boolean =>
  route !== undefined && /^\/(healthz|readyz|openapi\.json|docs(\/.*)?)$/.test(route);

/** A browser asks whether a page of another origin may ask: without a key, and the answer holds nothing. */
const isPreflight = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'OPTIONS' && routeOptions.config?.allowedOrigin !== undefined;

/** Asks for `Authorization: Bearer <key>` where there are keys. Keys are known by their hash only. */
export function registerAuthentication(app: App, keys: ApiConfig['api']['keys']): void {
  app.decorateRequest('caller', 'local');
  if (keys === null) return;
  const known = keys.map(({ owner, sha256 }) => ({ owner, hash: Buffer.from(sha256, 'hex') }));
  app.addHook('onRequest', async (request) => {
    if (isOpen(request.routeOptions.url) || isPreflight(request)) return;
    const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) throw new HttpProblem('Unauthorized', 'Send `Authorization: Bearer <key>`.');
    const hash = createHash('sha256').update(key).digest();
    const match = known.find((candidate) => timingSafeEqual(candidate.hash, hash));
    if (!match) throw new HttpProblem('Unauthorized', 'The key is not known.');
    request.caller = match.owner;
  });
}
