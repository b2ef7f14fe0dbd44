import { assertMayAdopt, assertMayDo } from '../../domain/roles.ts';
import { answer, problems } from '../answers.ts';
import { NewEnvironment } from '../newEnvironment.ts';
import type { Route } from '../route.ts';
import { ref } from '../schemaHelpers.ts';
import { specOf } from '../spec.ts';
import { plan as example } from './planExample.ts';
import { Plan } from './planSchemas.ts';

/** POST /plans: what a POST of the same body to /environments would do. */
export const planEnvironment: Route = (app, { plans, config }) => {
  app.post(
    '/plans',
    {
      attachValidation: true,
      config: { bodyHelp: 'Send application/json: the body of POST /environments.' },
      schema: {
        operationId: 'planEnvironment',
        summary: 'Plan an environment',
        description:
          'The body is that of `POST /environments`, new or of an existing environment. Runs the checks of a run, compares what exists with what was requested, and creates nothing: ' +
          'all findings, the steps, the resources with what would be done about each and what each costs by the hour, and the usual duration.',
        tags: ['environments'],
        body: ref(NewEnvironment),
        response: {
          200: answer('The plan.', ref(Plan), example),
          ...problems('InvalidBody', 'ForbiddenByPolicy', 'PayloadTooLarge', 'UnsupportedMediaType', 'PlanFailed'),
        },
      },
    },
    async (request, reply) => {
      const errors = request.validationError?.validation ?? [];
      const spec = specOf(request.body, errors, { caller: request.caller.name, config });
      assertMayDo(request.caller, 'planEnvironment', spec.owner);
      if (spec.adopt) assertMayAdopt(request.caller);
      return reply.send(await plans.plan(spec));
    },
  );
};
