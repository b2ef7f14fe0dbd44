import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { ref } from '../schema.ts';
import { Environment } from '../schemas.ts';
import { specOf } from '../spec.ts';

/** POST /environments: starts a provisioning run, or goes on with the environment of that name. */
export const createEnvironment: Route = (app, { environments, config }) => {
  app.post(
    '/environments',
    {
      attachValidation: true,
      schema: {
        operationId: 'createEnvironment',
        summary: 'Provision an environment',
        description:
          'The same name and spec again answer the same environment. After a failed or cancelled run a new one goes on where the last one stopped.',
        tags: ['environments'],
        body: ref(NewEnvironment),
        response: {
          200: answer('It stands already.', ref(Environment), examples.ready),
          202: {
            ...answer('A run is at work.', ref(Environment), examples.provisioning),
            headers: { Location: { type: 'string', description: 'path of the environment' } },
          },
          ...problems('InvalidBody', 'SpecConflict', 'BeingDeleted', 'PayloadTooLarge', 'UnsupportedMediaType'),
        },
      },
    },
    async (request, reply) => {
      const errors = request.validationError?.validation ?? [];
      const spec = specOf(request.body, errors, { caller: request.caller, config });
      const { environment, ready } = await environments.create(spec);
      return reply
        .code(ready ? 200 : 202)
        .header('location', `/environments/${spec.name}`)
        .send(environment);
    },
  );
};
