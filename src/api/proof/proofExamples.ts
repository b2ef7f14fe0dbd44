import type { EnvironmentProof } from '../../domain/proofDocument.ts';
import { ready, receipt, run } from '../examples.ts';
import { proofKeyOf } from './proofKey.ts';
import { signProof } from './signedProof.ts';

/** For the OpenAPI document only: its seal key is public. */
export const exampleKey = proofKeyOf('the seal key of an example, which nobody uses');

const { id, kind, startedAt, finishedAt } = run;

const proof: EnvironmentProof = {
  environment: {
    name: ready.name,
    state: ready.state,
    target: ready.target,
    subscriptionId: '11111111-2222-4333-8444-555555555555',
    resourceGroup: 'rg-moat-churn1',
    location: 'westus2',
    owner: ready.owner,
    createdAt: ready.createdAt,
    specHash: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  },
  run: { id, kind, startedAt, finishedAt },
  proof: receipt.proof,
  image: receipt.image,
  laterFailure: null,
};

const { text: _, ...signed } = signProof(proof, new Date('2026-11-23T19:00:00.000Z'), '0.1.0', exampleKey);
export const signedProof = signed;
