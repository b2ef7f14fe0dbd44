import fastifySwagger from '@fastify/swagger';
import type { SwaggerTransformObject } from '@fastify/swagger';
import { problemExamples, problems } from './answers.ts';
import type { App, Route } from './route.ts';

/** Collects the OpenAPI 3.1 document from the routes that are added after this. */
export async function registerOpenApi(app: App, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Moat',
        version,
        description:
          'Provisions network-isolated Azure Machine Learning online endpoints, proves their isolation and tears them down on time.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'environments', description: 'Everything that serves one isolated endpoint' },
        { name: 'runs', description: 'Units of work on an environment, with their receipts' },
        { name: 'sweeps', description: 'Searches for environments whose lease has expired' },
        { name: 'service', description: 'Health, metrics and description of this service' },
      ],
      components: {
        examples: problemExamples,
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API key, or an access token of the OpenID Connect provider. Required unless the API listens on loopback without both.',
          },
        },
      },
      security: [{ key: [] }, {}],
    },
    transformObject: optionalBodies,
    refResolver: { buildLocalReference: (json) => json['$id'] as string },
  });
}

/** Declares a body optional where none of its members is required. */
const optionalBodies: SwaggerTransformObject = (built) => {
  if (!('openapiObject' in built)) return built.swaggerObject;
  for (const path of Object.values(built.openapiObject.paths ?? {})) {
    const body = path?.post?.requestBody;
    const schema = body && 'content' in body ? body.content['application/json']?.schema : undefined;
    if (body && schema && 'type' in schema && schema.type === 'object' && !schema.required)
      Object.assign(body, { required: false });
  }
  return built.openapiObject;
};

/** GET /openapi.json: this API, as OpenAPI 3.1. */
export const openapi: Route = (app) => {
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'openapi',
        summary: 'This document',
        tags: ['service'],
        response: {
          200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
          ...problems(),
        },
      },
    },
    async (_, reply) => reply.type('application/json').send(app.swagger()),
  );
};
