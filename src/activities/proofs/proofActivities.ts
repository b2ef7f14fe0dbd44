import type { ReadyEnvironment, ReadyEnvironments } from '../../domain/proofRepetition.ts';
import { serviceActivity } from '../serviceActivity.ts';

/** The activity of the workflow that repeats proofs. */
export const createProofActivities = (environments: ReadyEnvironments) => ({
  listReadyEnvironments: serviceActivity<void, ReadyEnvironment[]>(() => environments.list()),
});

export type ProofActivities = ReturnType<typeof createProofActivities>;
