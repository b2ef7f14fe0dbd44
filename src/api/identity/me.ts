import Type from 'typebox';
import { authenticationMethods, changeableBy, mayDo, operations, roles } from '../../domain/roles.ts';
import { answer, problems } from '../answers.ts';
import type { Route } from '../route.ts';
import { oneOf, strictObject, text } from '../schemaHelpers.ts';

const Me = strictObject(
  {
    name: text('the owner of the environments that the caller creates'),
    role: oneOf(roles, {
      description:
        '`reader` reads everything; `owner` also changes its own environments; `operator` may do everything, sweeps included',
    }),
    via: oneOf(authenticationMethods, {
      description: 'how the caller was recognised; `local`: not at all, because no authentication is required',
    }),
    operations: Type.Array(Type.String(), { description: 'operationIds that the caller may use' }),
    changes: oneOf(['none', 'own', 'all'], { description: 'whose environments the caller may change' }),
  },
  { description: 'The caller, and what it may do.' },
);

/** GET /me: the caller and its rights. */
export const me: Route = (app) => {
  app.get(
    '/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'Who I am and what I may do',
        tags: ['service'],
        response: {
          200: answer('The caller.', Me, {
            name: 'ana@example.com',
            role: 'owner',
            via: 'apiKey',
            operations: ['createEnvironment', 'listEnvironments', 'getEnvironment', 'removeEnvironment'],
            changes: 'own',
          }),
          ...problems(),
        },
      },
    },
    async ({ caller }) => ({
      ...caller,
      operations: operations.filter((operation) => mayDo(caller, operation)),
      changes: changeableBy[caller.role],
    }),
  );
};
