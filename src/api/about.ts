import Type from 'typebox';
import type { Json } from '../domain/environment.ts';
import { sampleModels, sampleOf } from '../domain/samples.ts';
import { steps } from '../domain/steps.ts';
import { answer, problems } from './answers.ts';
import type { Route } from './route.ts';
import { nullable, oneOf, strictObject, text } from './schemaHelpers.ts';

const About = strictObject({
  target: oneOf(['emulator', 'azure'], { description: 'target cloud' }),
  subscriptionIds: Type.Array(Type.String(), { description: 'Azure subscriptions; a new environment gets the first' }),
  version: text('of this service'),
  temporal: strictObject({
    address: text('of the Temporal server, host and port'),
    namespace: Type.String(),
    ui: nullable(text('base address of its web interface')),
  }),
  lease: strictObject({
    defaultTtl: text('of an environment whose request has no `ttl`'),
    maxTtl: text('the longest `ttl` that is accepted'),
  }),
  steps: Type.Array(
    strictObject({
      id: text('as in `steps` of an environment'),
      title: text('for people'),
      needs: Type.Array(Type.String(), { description: 'steps that end before this one does' }),
    }),
    { description: 'of a provisioning run, in the order in which they are shown' },
  ),
  samples: Type.Array(
    strictObject({
      model: oneOf(sampleModels, { description: 'as in the spec' }),
      request: Type.Unsafe<Json>({ description: 'scored by every provisioning run of the model' }),
    }),
    { description: 'the sample request of each model that comes with Moat' },
  ),
  links: strictObject({
    docs: text('path of the API reference'),
    openapi: text('path of the OpenAPI document'),
    metrics: text('path of the metrics for Prometheus'),
    proofKey: text('path of the public key that proofs are checked with'),
  }),
});

const links = { docs: '/docs', openapi: '/openapi.json', metrics: '/metrics', proofKey: '/.well-known/moat-proof-key' };
const shownSteps = steps.map(({ id, title, needs }) => ({ id, title, needs: [...needs] }));
const samples = sampleModels.map((model) => ({ model, request: sampleOf(model).request ?? null }));

/** GET /about: the target cloud, the version, the steps of a run, sample requests, and where to find more. */
export const about: Route = (app, { config, version, temporal }) => {
  const description = {
    target: config.target.kind,
    subscriptionIds: [...config.subscriptionIds],
    version,
    temporal,
    lease: { defaultTtl: config.lease.defaultTtl, maxTtl: config.lease.maxTtl },
    steps: shownSteps,
    samples,
    links,
  };
  app.get(
    '/about',
    {
      schema: {
        operationId: 'getAbout',
        summary: 'Describe this installation',
        description: 'What a client shows about the service: target cloud, version, steps of a run, links.',
        tags: ['service'],
        response: {
          200: answer('The installation.', About, {
            ...description,
            target: 'emulator',
            version: '0.1.0',
            subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
            temporal: { address: '127.0.0.1:7233', namespace: 'default', ui: 'http://localhost:8233' },
            lease: { defaultTtl: '8h', maxTtl: '7d' },
          }),
          ...problems(),
        },
      },
    },
    async () => description,
  );
};
