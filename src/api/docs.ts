import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { App } from './route.ts';

const notFound = 404;

/** The reference's script is 5 MB, and takes the process about 25 MB: it is loaded at the first request. */
async function loadReference(): Promise<FastifyInstance> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const app = Fastify();
  await app.register(reference, {
    routePrefix: '/docs',
    // Features that call the vendor's services are off.
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Moat API',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  return app;
}

/** GET /docs: a browsable reference of the API, without resources from other hosts. */
export function registerDocs(app: App): void {
  let reference: Promise<FastifyInstance> | undefined;
  for (const url of ['/docs', '/docs/*'])
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      reference ??= loadReference();
      const { statusCode, headers, rawPayload } = await (await reference).inject(request.url);
      if (statusCode === notFound) return reply.callNotFound();
      const { 'content-type': type, location } = headers;
      return reply
        .code(statusCode)
        .headers({
          ...(type !== undefined && { 'content-type': type }),
          ...(location !== undefined && { location }),
          'content-security-policy':
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'",
        })
        .send(rawPayload);
    });
}
