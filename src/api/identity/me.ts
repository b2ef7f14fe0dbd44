import { setTimeout as wait } from 'node:timers/promises';
import Type from 'typebox';
import { limitsOf } from '../../domain/ownerLimits.ts';
import { authenticationMethods, changeableBy, mayDo, operations, roles } from '../../domain/roles.ts';
import { answer, problems } from '../answers.ts';
import type { Route } from '../route.ts';
import { nullable, oneOf, strictObject, text } from '../schemaHelpers.ts';

/** A list that nothing changes. */
const list = (description: string) => Type.Unsafe<readonly string[]>(Type.Array(Type.String(), { description }));
const count = (options: { description: string }) => Type.Integer({ minimum: 0, ...options });

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
    limits: strictObject(
      {
        environments: nullable(count({ description: 'at a time; null: no limit' })),
        used: nullable(count({ description: 'environments that the caller has now; null: not known now' })),
        locations: nullable(list('null: all')),
        instanceTypes: nullable(list('null: all')),
        maxTtl: text('the longest lease'),
      },
      { description: 'what the policy of the installation allows for environments of the caller' },
    ),
    changes: oneOf(['none', 'own', 'all'], { description: 'whose environments the caller may change' }),
  },
  { description: 'The caller, and what it may do.' },
);

/** Milliseconds. The console waits for its rights, also while Temporal is away. */
const countLimit = 1_000;

const soon = (count: Promise<number>): Promise<number | null> =>
  Promise.race([count.catch(() => null), wait(countLimit, null, { ref: false })]);

/** GET /me: the caller and its rights. */
export const me: Route = (app, { environments, config }) => {
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
            limits: {
              environments: 5,
              used: 2,
              locations: ['westus2', 'westeurope'],
              instanceTypes: null,
              maxTtl: '3d',
            },
          }),
          ...problems(),
        },
      },
    },
    async ({ caller }) => ({
      ...caller,
      operations: operations.filter((operation) => mayDo(caller, operation)),
      changes: changeableBy[caller.role],
      limits: {
        ...limitsOf(config.policy, caller.name),
        used: await soon(environments.countOf(caller.name)),
      },
    }),
  );
};
