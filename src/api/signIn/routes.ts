import { createHash } from 'node:crypto';
import Type from 'typebox';
import { AuthorizationResponseError } from 'openid-client';
import { Problem } from '../../domain/problem.ts';
import { answer, problems } from '../answers.ts';
import { bearerToken } from '../identity/authenticator.ts';
import { HttpProblem } from '../problems.ts';
import type { Route } from '../route.ts';
import { nullable, strictObject } from '../schemaHelpers.ts';
import { returnPathOf } from './returnTo.ts';

const loginPath = '/auth/login';
/** Pages for browsers, no part of the API's description. */
const schema = { hide: true };

const noContent = (description: string) => Type.Unsafe<undefined>({ description, type: 'null' });

const Methods = strictObject({
  required: Type.Boolean({ description: 'whether callers must authenticate' }),
  apiKey: Type.Boolean({ description: 'whether `POST /auth/session` opens a session for an API key' }),
  login: nullable(Type.String({ description: 'path that leads to the sign-in page of the identity provider' })),
});

/** GET /auth: how to sign in, for those who have not. */
const getSignIn: Route = (app, { signIn }) => {
  const methods = {
    required: signIn !== null,
    apiKey: signIn?.apiKeys ?? false,
    login: signIn?.provider ? loginPath : null,
  };
  app.get(
    '/auth',
    {
      schema: {
        operationId: 'getSignIn',
        summary: 'How users of the console sign in',
        tags: ['service'],
        response: {
          200: answer('The ways to sign in.', Methods, { required: true, apiKey: true, login: loginPath }),
          ...problems(),
        },
      },
    },
    async () => methods,
  );
};

/** POST /auth/session: opens a session of the console for an API key. */
const openSession: Route = (app, { signIn }) => {
  app.post(
    '/auth/session',
    {
      schema: {
        operationId: 'openSession',
        summary: 'Sign in with an API key',
        description:
          'For browsers, whose event streams cannot send a header: send the key as `Authorization: Bearer <key>`; the answer sets the cookie of a session, which has the rights of the key and ends when the key does. The operation takes no body.',
        tags: ['service'],
        response: {
          204: noContent('Signed in.'),
          ...problems('InvalidBody', 'UnsupportedMediaType', 'PayloadTooLarge'),
        },
      },
    },
    async (request, reply) => {
      const key = bearerToken(request);
      if (signIn === null || request.caller.via !== 'apiKey' || key === undefined)
        throw new HttpProblem('BadRequest', 'Send `Authorization: Bearer <API key>`.');
      await signIn.sessions.begin(reply, { kind: 'apiKey', sha256: createHash('sha256').update(key).digest('hex') });
      return reply.code(204).send(undefined);
    },
  );
};

/** POST /auth/logout: ends the session of this browser. */
const signOut: Route = (app, { signIn }) => {
  app.post(
    '/auth/logout',
    {
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        description:
          'Ends the session of this browser; that with the identity provider remains. The operation takes no body.',
        tags: ['service'],
        response: {
          204: noContent('Signed out.'),
          ...problems('InvalidBody', 'UnsupportedMediaType', 'PayloadTooLarge'),
        },
      },
    },
    async (_, reply) => {
      signIn?.sessions.end(reply);
      return reply.code(204).send(undefined);
    },
  );
};

/** GET /auth/login: leads to the identity provider's sign-in page. `returnTo`: the page of the console to come back to. */
const startSignIn: Route = (app, { signIn }) => {
  app.get<{ Querystring: { returnTo?: string | string[] } }>(loginPath, { schema }, async ({ query, log }, reply) => {
    if (!signIn?.provider)
      throw new Problem('NotFound', 'No identity provider is configured: MOAT_OIDC_CLIENT_ID is not set.');
    const returnTo = returnPathOf(query.returnTo?.toString());
    const { url, attempt } = await signIn.provider.client.begin(returnTo).catch((error: unknown) => {
      log.warn({ err: error }, 'the identity provider cannot be used');
      throw error;
    });
    await signIn.sessions.keepAttempt(reply, attempt);
    return reply.redirect(url.href);
  });
};

/** GET /auth/callback: where the identity provider sends the browser back to. A page of the console explains why a sign-in failed. */
const finishSignIn: Route = (app, { signIn }) => {
  app.get('/auth/callback', { schema }, async (request, reply) => {
    if (!signIn?.provider)
      throw new Problem('NotFound', 'No identity provider is configured: MOAT_OIDC_CLIENT_ID is not set.');
    const { client, callerOf } = signIn.provider;
    const attempt = await signIn.sessions.takeAttempt(request, reply);
    if (!attempt) return reply.redirect('/console/?signIn=expired');
    try {
      const claims = await client.finish(new URL(request.url, signIn.publicUrl!), attempt);
      const { name, role } = callerOf(claims);
      await signIn.sessions.begin(reply, { kind: 'account', name, role });
      return await reply.redirect(attempt.returnTo);
    } catch (error) {
      request.log.warn({ err: error }, 'sign-in failed');
      return reply.redirect(`/console/?signIn=${reasonOf(error)}`);
    }
  });
};

/** The console has a sentence for each. */
function reasonOf(error: unknown): 'denied' | 'forbidden' | 'failed' {
  if (error instanceof AuthorizationResponseError && error.error === 'access_denied') return 'denied';
  return error instanceof Problem && error.code === 'Forbidden' ? 'forbidden' : 'failed';
}

/** Everything below /auth, in the order of the OpenAPI document. */
export const signInRoutes: readonly Route[] = [getSignIn, openSession, signOut, startSignIn, finishSignIn];
