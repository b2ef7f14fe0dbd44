import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyServerOptions } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { TSchema } from 'typebox';
import { Problem } from '../domain/problem.ts';
import { registerAuthentication } from './authentication.ts';
import { maxRequestBytes, registerBodies } from './body.ts';
import { registerCodec } from './codecServer.ts';
import type { CodecDeps } from './codecServer.ts';
import { environmentRoutes } from './environments/index.ts';
import { registerCrossOriginGuard } from './crossOriginGuard.ts';
import { healthz, readyz } from './health.ts';
import { metrics } from './metrics.ts';
import { NewEnvironment } from './newEnvironment.ts';
import { openapi, registerDocs, registerOpenApi } from './openapi.ts';
import { answerProblem, ProblemDocument } from './problems.ts';
import type { App, RouteDeps } from './route.ts';
import * as schemas from './schemas.ts';
import { sweepRoutes } from './sweeps/index.ts';
import * as sweepSchemas from './sweeps/schemas.ts';
import { registerStreams } from './sse.ts';

export interface AppDeps extends RouteDeps {
  /** Fastify's logger option; default: no log */
  logger?: FastifyServerOptions['logger'];
  /** there where payloads are encrypted */
  codec?: CodecDeps;
}

/** The HTTP API, ready to listen or to be tried with `inject`. It listens nowhere by itself. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const app = Fastify({
    ...(deps.logger !== undefined && { logger: deps.logger }),
    bodyLimit: maxRequestBytes,
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    // A name that is too long is one that nothing has: 404, by the schema of the path.
    routerOptions: { maxParamLength: maxRequestBytes },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    // Every fault at once, in a body that is taken as it is: nothing removed, converted or filled in.
    ajv: {
      customOptions: {
        allErrors: true,
        verbose: true,
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: false,
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Answers are typed by the schemas already; an answer from an older version of a workflow is better shown than refused.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler((error: Error, request, reply) => answerProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    answerProblem(
      new Problem('NotFound', `There is no ${request.method} ${request.url.split('?')[0]}.`),
      request,
      reply,
    ),
  );
  for (const schema of [
    ...Object.values<TSchema>(schemas),
    ...Object.values<TSchema>(sweepSchemas),
    NewEnvironment,
    ProblemDocument,
  ])
    app.addSchema(schema);

  registerBodies(app);
  registerCrossOriginGuard(app, { keyRequired: deps.config.api.keys !== null });
  registerAuthentication(app, deps.config.api.keys);
  await registerStreams(app);
  await registerOpenApi(app, deps.version);
  for (const route of [...environmentRoutes, ...sweepRoutes, healthz, readyz, metrics, openapi]) route(app, deps);
  if (deps.codec) registerCodec(app, deps.codec);
  await registerDocs(app);
  return app;
}
