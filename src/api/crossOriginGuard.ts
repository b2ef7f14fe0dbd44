import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';
import type { App } from './route.ts';
import { securityHeaders, strictTransport } from './securityHeaders.ts';

const localHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

interface GuardOptions {
  /** whether callers must authenticate */
  authenticates: boolean;
  /** base address at which users reach the API, where it is known; behind a proxy the Host header may be another one */
  publicUrl: string | null;
}

/**
 * Keeps web pages of other origins from using the API through a visitor's browser: by DNS rebinding (only where no authentication is required), or by
 * cross-site forms, which would be sent with the cookie of a session in older browsers. Also sets the headers of every answer.
 */
export function registerCrossOriginGuard(app: App, { authenticates, publicUrl }: GuardOptions): void {
  const origin = publicUrl === null ? undefined : new URL(publicUrl).origin;
  const headers = { ...securityHeaders, ...(origin?.startsWith('https:') && strictTransport) };
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      throw new HttpProblem('BadRequest', 'The Host header is missing.');
    if (!authenticates && !isLocal(request.headers.host))
      throw new HttpProblem(
        'ForeignRequest',
        'Without authentication the Host header must be localhost, 127.0.0.1 or [::1].',
      );
    if (!safeMethods.has(request.method) && isForeign(request, origin))
      throw new HttpProblem('ForeignRequest', 'Pages of another origin may not send this request.');
  });
}

const isLocal = (host: string | undefined): boolean => localHosts.has((host ?? '').replace(/:\d+$/, '').toLowerCase());

function isForeign({ headers, routeOptions }: FastifyRequest, publicOrigin: string | undefined): boolean {
  const { allowedOrigin } = routeOptions.config;
  if (allowedOrigin !== undefined && headers.origin === allowedOrigin) return false;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (headers.origin === undefined || headers.origin === publicOrigin) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host?.toLowerCase();
}
