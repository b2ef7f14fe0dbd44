import Type from 'typebox';
import { environmentStates } from '../../domain/environment.ts';
import type { EnvironmentSummary } from '../../domain/environment.ts';
import { answer, problems } from '../answers.ts';
import type { Route } from '../route.ts';
import { strictObject } from '../schemaHelpers.ts';

const count = Type.Integer({ minimum: 0 });
type States = EnvironmentSummary['states'];
const states = environmentStates.filter((state) => state !== 'deleted');
const countOf = <T>(value: T) => Object.fromEntries(states.map((state) => [state, value])) as Record<keyof States, T>;
const Summary = strictObject({ total: count, states: strictObject(countOf(count)) });
const example: EnvironmentSummary = { total: 3, states: { ...countOf(0), ready: 2, provisioning: 1 } };

/** GET /environments/summary: how many live environments there are, by state. */
export const summarizeEnvironments: Route = (app, { environments }) => {
  app.get(
    '/environments/summary',
    {
      schema: {
        operationId: 'summarizeEnvironments',
        summary: 'Count environments by state',
        description: 'Counts all but the deleted ones. A change shows within about two seconds.',
        tags: ['environments'],
        response: { 200: answer('The counts.', Summary, example), ...problems() },
      },
    },
    () => environments.summary(),
  );
};
