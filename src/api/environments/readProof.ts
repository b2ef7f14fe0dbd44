import Type from 'typebox';
import { problems } from '../answers.ts';
import { preferredFormat } from '../proof/answerFormat.ts';
import { pagePolicy, proofPage } from '../proof/proofPage.ts';
import { SignedProof } from '../proof/signedProofSchemas.ts';
import { jsonOf, signProof } from '../proof/signedProof.ts';
import { signedProof } from '../proof/proofExamples.ts';
import type { Route } from '../route.ts';
import { oneOf, ref, strictObject } from '../schemaHelpers.ts';
import { NameParams } from './params.ts';

const Query = strictObject({
  format: Type.Optional(
    oneOf(['json', 'html'], { description: 'default: what the `Accept` header prefers, else `json`' }),
  ),
});

/** GET /environments/{name}/proof: the newest proof of isolation with its signature, as JSON or as a page. */
export const readProof: Route = (app, { environments, proofKey, version }) => {
  app.get(
    '/environments/:name/proof',
    {
      schema: {
        operationId: 'readProof',
        summary: 'Get the newest proof of isolation, signed',
        description:
          'JSON, or one page without scripts and external resources. Signed with the Ed25519 key of the installation (`/.well-known/moat-proof-key`); docs/proof.md has the commands that check it. Readable as long as the environment is.',
        tags: ['environments'],
        params: NameParams,
        querystring: Query,
        response: {
          200: {
            description: 'The proof. `complete` is true only if every check has passed.',
            content: {
              'application/json': { schema: ref(SignedProof), example: signedProof },
              'text/html': { schema: { type: 'string' } },
            },
          },
          ...problems('InvalidParameters', 'NotFound', 'NoProof'),
        },
      },
    },
    async ({ params, query, headers }, reply) => {
      const signed = signProof(await environments.proof(params.name), new Date(), version, proofKey);
      reply.header('vary', 'accept');
      if ((query.format ?? preferredFormat(headers.accept)) === 'json')
        return reply.type('application/json; charset=utf-8').send(jsonOf(signed));
      return reply
        .header('content-security-policy', pagePolicy)
        .type('text/html; charset=utf-8')
        .send(proofPage(signed));
    },
  );
};
