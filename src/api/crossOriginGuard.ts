import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';
import type { App } from './route.ts';

const localHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Keeps web pages of other origins from using the API through a visitor's browser: by DNS rebinding (only where no authentication is required), or by
 * cross-site forms. Also sets the headers of every answer.
 */
export function registerCrossOriginGuard(app: App, options: { authenticates: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      throw new HttpProblem('BadRequest', 'The Host header is missing.');
    if (!options.authenticates && !isLocal(request.headers.host))
      throw new HttpProblem(
        'ForeignRequest',
        'Without authentication the Host header must be localhost, 127.0.0.1 or [::1].',
      );
    if (!safeMethods.has(request.method) && isForeign(request))
      throw new HttpProblem('ForeignRequest', 'Pages of another origin may not send this request.');
  });
}

const isLocal = (host: string | undefined): boolean => localHosts.has((host ?? '').replace(/:\d+$/, '').toLowerCase());

function isForeign({ headers, routeOptions }: FastifyRequest): boolean {
  const { allowedOrigin } = routeOptions.config;
  if (allowedOrigin !== undefined && headers.origin === allowedOrigin) return false;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host?.toLowerCase();
}
