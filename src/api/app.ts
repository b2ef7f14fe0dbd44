import { randomUUID } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyPluginCallback, FastifyServerOptions } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { TSchema } from 'typebox';
import { maxScoreRequestBytes } from '../domain/limits.ts';
import { Problem } from '../domain/problem.ts';
import { about } from './about.ts';
import { registerBodies } from './body.ts';
import { registerCodec } from './codecServer.ts';
import type { CodecDeps } from './codecServer.ts';
import { serveConsole } from './console/serveConsole.ts';
import { answerConnectionError, handleUnusualRequests, requestTimeout, serverOptions } from './connectionErrors.ts';
import { environmentRoutes } from './environments/index.ts';
import { registerCrossOriginGuard } from './crossOriginGuard.ts';
import { healthz, readyz } from './health.ts';
import type { Authenticator } from './identity/authenticator.ts';
import { registerAuditLog } from './identity/auditLog.ts';
import { me } from './identity/me.ts';
import { registerIdentity } from './identity/registerIdentity.ts';
import { registerRateLimit } from './limits/rateLimit.ts';
import { metrics } from './metrics.ts';
import { moveRoutes } from './moves/index.ts';
import * as moveSchemas from './moves/moveSchemas.ts';
import { NewEnvironment } from './newEnvironment.ts';
import { registerDocs } from './docs.ts';
import { openapi, registerOpenApi } from './openapi.ts';
import * as planSchemas from './plans/planSchemas.ts';
import { planEnvironment } from './plans/planEnvironment.ts';
import * as proofSchemas from './proof/signedProofSchemas.ts';
import { readProofKey } from './proof/readProofKey.ts';
import { answerProblem, ProblemDocument } from './problems.ts';
import type { App, RouteDeps } from './route.ts';
import * as schemas from './schemas.ts';
import { signInRoutes } from './signIn/routes.ts';
import { sweepRoutes } from './sweeps/index.ts';
import { ReadinessCheck } from './readinessCheck.ts';
import * as sweepSchemas from './sweeps/sweepSchemas.ts';
import { registerStreams } from './sse.ts';

export interface AppDeps extends RouteDeps {
  /** Fastify's logger option; default: no log */
  logger?: FastifyServerOptions['logger'];
  /** in the order in which they are tried; none: no authentication is required */
  authenticators: readonly Authenticator[];
  /** in place of `logger`: the logger of the process */
  loggerInstance?: FastifyBaseLogger;
  /** makes a span of each request; absent: nothing is traced */
  requestSpans?: FastifyPluginCallback;
  /** where the built console is */
  consoleDirectory: string;
  /** only where payloads are encrypted */
  codec?: CodecDeps;
}

/** The HTTP API, ready for `listen` or `inject`. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const app = Fastify({
    ...(deps.logger !== undefined && { logger: deps.logger }),
    ...(deps.loggerInstance && { loggerInstance: deps.loggerInstance }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    bodyLimit: maxScoreRequestBytes,
    genReqId: () => randomUUID(),
    http: serverOptions,
    requestTimeout,
    clientErrorHandler: answerConnectionError,
    // A name that is too long is answered 404 by the schema of the path.
    routerOptions: { maxParamLength: maxScoreRequestBytes },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    // Every validation error at once; nothing is removed, converted or filled in. Bodies are bounded (body.ts), so errors are.
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
  handleUnusualRequests(app.server);
  if (deps.requestSpans) await app.register(deps.requestSpans);
  // Answers are typed by the schemas at compile time: no second check at run time.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler((error: Error, request, reply) => answerProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    answerProblem(
      new Problem('NotFound', `No operation ${request.method} ${request.url.split('?')[0]}.`),
      request,
      reply,
    ),
  );
  for (const schema of [
    ...Object.values<TSchema>(schemas),
    ...Object.values<TSchema>(sweepSchemas),
    ...Object.values<TSchema>(planSchemas),
    ...Object.values<TSchema>(proofSchemas),
    ...Object.values<TSchema>(moveSchemas),
    NewEnvironment,
    ReadinessCheck,
    ProblemDocument,
  ])
    app.addSchema(schema);

  registerBodies(app);
  const { publicUrl, limits } = deps.config;
  registerCrossOriginGuard(app, { authenticates: deps.authenticators.length > 0, publicUrl });
  await app.register(fastifyCookie);
  registerIdentity(app, deps.authenticators);
  registerAuditLog(app);
  await registerRateLimit(app, limits.requestsPerMinute);
  await registerStreams(app, limits.streams);
  await registerOpenApi(app, deps.version);
  for (const route of [
    ...environmentRoutes,
    ...moveRoutes,
    planEnvironment,
    ...sweepRoutes,
    healthz,
    readyz,
    metrics,
    about,
    me,
    ...signInRoutes,
    readProofKey,
    openapi,
  ])
    route(app, deps);
  if (deps.codec) registerCodec(app, deps.codec);
  registerDocs(app);
  await serveConsole(app, deps.consoleDirectory);
  return app;
}
