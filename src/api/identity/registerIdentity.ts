import type { FastifyRequest } from 'fastify';
import { assertMayDo, isPublic, localCaller } from '../../domain/roles.ts';
import type { Caller } from '../../domain/roles.ts';
import { HttpProblem } from '../problems.ts';
import type { App } from '../route.ts';
import { bearerToken } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** who sent the request; set before any handler, except of public operations */
    caller: Caller;
  }
  interface FastifyInstance {
    /** whether the credential of a request is still valid: it may have expired, or been revoked, while an event stream is open */
    isStillCaller(request: FastifyRequest): Promise<boolean>;
  }
}

/** The operationId of the request's route; empty where there is none. */
export const operationOf = ({ routeOptions }: FastifyRequest): string => routeOptions.schema?.operationId ?? '';

/** The files of the console and the reference of the API have no information about environments; pages of the sign-in come before any. */
const isPage = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url !== undefined && /^\/(|console(\/.*)?|docs(\/.*)?|auth\/(login|callback))$/.test(routeOptions.url);

/** A CORS preflight request carries no credentials, and its answer has no content. */
const isPreflight = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'OPTIONS' && routeOptions.config?.allowedOrigin !== undefined;

/**
 * Recognises the caller of each request, and refuses operations that its role does not include. The rights on a single environment are
 * checked where its owner is read. Without authenticators, every caller is `localCaller`.
 */
export function registerIdentity(app: App, authenticators: readonly Authenticator[]): void {
  app.decorateRequest('caller');
  app.decorate('isStillCaller', async (request) => {
    if (authenticators.length === 0) return true;
    try {
      return (await recognise(request, authenticators)).name === request.caller.name;
    } catch (error) {
      // an identity provider that is away has revoked nothing
      return !(error instanceof HttpProblem && error.code === 'Unauthorized');
    }
  });
  app.addHook('onRequest', async (request) => {
    const operation = operationOf(request);
    if (isPublic(operation) || isPage(request) || isPreflight(request)) return;
    request.caller = authenticators.length === 0 ? localCaller : await recognise(request, authenticators);
    // a path without an operation is answered 404
    if (request.routeOptions.url !== undefined) assertMayDo(request.caller, operation);
  });
}

async function recognise(request: FastifyRequest, authenticators: readonly Authenticator[]): Promise<Caller> {
  for (const authenticate of authenticators) {
    const caller = await authenticate(request);
    if (caller) return caller;
  }
  throw new HttpProblem(
    'Unauthorized',
    bearerToken(request) === undefined
      ? 'Send `Authorization: Bearer <API key or access token>`.'
      : 'Unknown API key or token.',
  );
}
