import Type from 'typebox';
import { environmentStates } from '../../domain/environment.ts';
import { runKinds } from '../../domain/run.ts';
import type { ProofDocument as DomainProofDocument } from '../../domain/proofDocument.ts';
import { named, nullable, oneOf, ref, strictObject, time } from '../schemaHelpers.ts';
import { ImageReceipt, Proof } from '../schemas.ts';

const text = (description: string) => Type.String({ description });

export const ProofDocument = named<DomainProofDocument>()(
  'ProofDocument',
  strictObject(
    {
      format: oneOf(['moat-isolation-proof/1']),
      issuedAt: time('when this document was issued'),
      moatVersion: Type.String(),
      environment: strictObject({
        name: Type.String(),
        state: oneOf(environmentStates, { description: 'when the document was issued' }),
        target: oneOf(['emulator', 'azure'], { description: 'a proof on the emulator says nothing about Azure' }),
        subscriptionId: Type.String(),
        resourceGroup: Type.String(),
        location: Type.String(),
        owner: Type.String(),
        createdAt: time('when the environment was requested'),
        specHash: nullable(text('of the members of the spec that may not change')),
      }),
      run: nullable(
        strictObject(
          {
            id: Type.String(),
            kind: oneOf(runKinds),
            startedAt: time('start'),
            finishedAt: nullable(time('end')),
          },
          { description: 'the run that made the proof; null where it is no longer kept' },
        ),
      ),
      proof: ref(Proof),
      image: nullable(ref(ImageReceipt)),
      laterFailure: nullable(
        strictObject(
          {
            run: Type.String(),
            at: nullable(time('end of that run')),
            type: text('type of its failure'),
            message: Type.String(),
          },
          { description: 'a later run that failed: the proof may describe a state that is over' },
        ),
      ),
    },
    { description: "The newest proof of an environment's isolation." },
  ),
);

export const SignedProof = Object.assign(
  strictObject(
    {
      keyId: text('SHA-256 of the public key in DER, hexadecimal'),
      signature: text('Ed25519, base64, of the text of `document` exactly as it is in this answer'),
      document: ref(ProofDocument),
    },
    { description: 'A proof and its signature, in one line with the members in this order.' },
  ),
  { $id: 'SignedProof' },
);
