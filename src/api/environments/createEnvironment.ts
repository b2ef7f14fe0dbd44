import type { Spec } from '../../domain/environment.ts';
import { Problem } from '../../domain/problem.ts';
import { assertMayAdopt, assertMayDo } from '../../domain/roles.ts';
import { answer, problems } from '../answers.ts';
import * as examples from '../examples.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { Environment } from '../schemas.ts';
import { specOf } from '../spec.ts';

/** POST /environments: starts a provisioning run, or answers the environment of that name and spec. */
export const createEnvironment: Route = (app, { environments, config }) => {
  app.post(
    '/environments',
    {
      attachValidation: true,
      config: {
        bodyHelp:
          'Send application/json. A sample that is larger than 16 KiB, or not JSON: put the sample request into the repository and name it as "requestFile" in "model".',
      },
      schema: {
        operationId: 'createEnvironment',
        summary: 'Provision an environment',
        description:
          'Repeating a request with the same name and spec answers the same environment; no key is needed for that. ' +
          'After a failed or cancelled run it starts a new run, which continues where the last one stopped. ' +
          '`owner`, `ttl`, `jumpbox`, `tryLocally`, `onFailure` and `onDrift` do not count in comparing specs.',
        tags: ['environments'],
        body: ref(NewEnvironment),
        response: {
          200: answer('Already ready.', ref(Environment), examples.ready),
          202: {
            ...answer('Run in progress.', ref(Environment), examples.provisioning),
            headers: { Location: { type: 'string', description: 'path of the environment' } },
          },
          ...problems(
            'InvalidBody',
            'ForbiddenByPolicy',
            'TooManyEnvironments',
            'SpecConflict',
            'SuffixInUse',
            'AdoptionRefused',
            'BeingDeleted',
            'PayloadTooLarge',
            'UnsupportedMediaType',
          ),
        },
      },
    },
    async (request, reply) => {
      const errors = request.validationError?.validation ?? [];
      const spec = specOf(request.body, errors, { caller: request.caller.name, config });
      assertMayDo(request.caller, 'createEnvironment', spec.owner);
      if (spec.adopt) assertMayAdopt(request.caller);
      assertPlanned(spec);
      const isSuffixChosen = request.body.suffix !== undefined;
      const { environment, ready } = await environments.as(request.caller).create(spec, { isSuffixChosen });
      return reply
        .code(ready ? 200 : 202)
        .header('location', `/environments/${spec.name}`)
        .send(environment);
    },
  );
};

/** Nothing of an environment that exists is changed before its owner has seen what. */
function assertPlanned({ adopt, adoptionDigest }: Spec): void {
  if (!adopt || adoptionDigest !== undefined) return;
  const message = 'is required with `adopt`: POST /plans with this body returns it as `adoption.digest`';
  throw new Problem('InvalidBody', 'Validation failed; no run was started.', {
    errors: [{ path: '/adoptionDigest', message }],
  });
}
