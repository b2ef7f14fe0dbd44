import { problems } from '../answers.ts';
import type { Route } from '../route.ts';
import { exampleKey } from './proofExamples.ts';

/** GET /.well-known/moat-proof-key: the public key that proofs are checked with. */
export const readProofKey: Route = (app, { proofKey }) => {
  app.get(
    '/.well-known/moat-proof-key',
    {
      schema: {
        operationId: 'readProofKey',
        summary: 'Public key of signed proofs, in PEM',
        description: 'Ed25519. The same as long as the seal key of the installation is the same. Needs no API key.',
        tags: ['service'],
        response: {
          200: {
            description: 'The key.',
            content: { 'text/plain': { schema: { type: 'string' }, example: exampleKey.publicKey } },
          },
          ...problems(),
        },
      },
    },
    async (_, reply) => reply.type('text/plain; charset=utf-8').send(proofKey.publicKey),
  );
};
