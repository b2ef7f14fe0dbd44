import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { Problem } from '../../domain/problem.ts';
import type { App } from '../route.ts';

/** Scripts and styles come from this server only; nothing is inline. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The console is no part of the API's description. */
const schema = { hide: true };

/**
 * GET / leads to the console, a single-page application below /console/ whose built files are in `directory`. Assets have a hash of their
 * content in their names.
 */
export async function serveConsole(app: App, directory: string): Promise<void> {
  await app.register(fastifyStatic, { root: directory, serve: false, cacheControl: false, preCompressed: true });
  app.get('/', { schema }, (_, reply) => reply.redirect('/console/'));
  app.get('/console', { schema }, (_, reply) => reply.redirect('/console/'));
  app.get<{ Params: { '*': string } }>('/console/assets/*', { schema }, (request, reply) =>
    reply
      .header('content-security-policy', contentSecurityPolicy)
      .sendFile(`assets/${request.params['*']}`, { cacheControl: true, maxAge: '365d', immutable: true }),
  );
  app.get<{ Params: { '*': string } }>('/console/*', { schema }, (request, reply) => {
    // Every page has the same document; the path of a page has no extension. The ID of a sweep has a fraction of a second.
    if (/\.\w+$/.test(request.params['*'])) return reply.callNotFound();
    if (!existsSync(join(directory, 'index.html')))
      throw new Problem('Unavailable', 'The console is not built. Run `npm run web:build`, then reload this page.');
    return sendPage(reply);
  });
}

const sendPage = (reply: FastifyReply): FastifyReply =>
  reply
    .header('cache-control', 'no-cache')
    .header('content-security-policy', contentSecurityPolicy)
    .sendFile('index.html');
