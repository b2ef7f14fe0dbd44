import type {
  EnvironmentRecord,
  EnvironmentState,
  ImageReceipt,
  Proof,
  Receipt,
  RunRecord,
  Target,
} from './environment.ts';
import type { EnvironmentRef } from './naming.ts';
import { groupName } from './naming.ts';

/** A run after the one that made the proof, which failed: the proof may describe a state that is over. */
interface LaterFailure {
  run: string;
  at: string | null;
  type: string;
  message: string;
}

/** What a proof is about, without the time and version of its issue. */
export interface EnvironmentProof {
  environment: {
    name: string;
    /** at the time of the issue */
    state: EnvironmentState;
    target: Target;
    subscriptionId: string;
    resourceGroup: string;
    location: string;
    owner: string;
    createdAt: string;
    /** null where the environment was recovered without its spec */
    specHash: string | null;
  };
  /** the run that made the proof; null where it is no longer kept */
  run: { id: string; kind: RunRecord['kind']; startedAt: string; finishedAt: string | null } | null;
  proof: Proof;
  /** null where the run that built the image is no longer kept */
  image: ImageReceipt | null;
  laterFailure: LaterFailure | null;
}

/** The text of this object is what is signed. The first member names the kind of text. */
export interface ProofDocument extends EnvironmentProof {
  format: 'moat-isolation-proof/1';
  issuedAt: string;
  moatVersion: string;
}

interface StoredEnvironment {
  record: EnvironmentRecord;
  runs: readonly RunRecord[];
  specHash: string;
  ref: EnvironmentRef;
}

/** The newest proof of an environment with what it is about; undefined where no run has made one. */
export function environmentProofOf(stored: StoredEnvironment): EnvironmentProof | undefined {
  const { record, runs, specHash, ref } = stored;
  const { proof } = record;
  if (!proof) return undefined;
  const run = runs.find(({ receipt }) => receipt !== null && 'proof' in receipt && receipt.proof.at === proof.at);
  return {
    environment: {
      name: record.name,
      state: record.state,
      target: record.target,
      subscriptionId: ref.subscriptionId,
      resourceGroup: groupName(ref),
      location: ref.location,
      owner: record.owner,
      createdAt: record.createdAt,
      specHash: record.spec === null ? null : specHash,
    },
    run: run ? { id: run.id, kind: run.kind, startedAt: run.startedAt, finishedAt: run.finishedAt } : null,
    proof,
    image: imageOf(record, runs),
    laterFailure: failureAfter(proof.at, runs),
  };
}

const imageIn = (receipt: Receipt | null): ImageReceipt | null =>
  receipt && 'policyChanges' in receipt ? receipt.image : null;

/** The image of the environment's receipt, else of the last run that has one. */
const imageOf = (record: EnvironmentRecord, runs: readonly RunRecord[]): ImageReceipt | null =>
  imageIn(record.receipt) ?? imageIn(runs.findLast(({ receipt }) => imageIn(receipt) !== null)?.receipt ?? null);

function failureAfter(provedAt: string, runs: readonly RunRecord[]): LaterFailure | null {
  const run = runs.findLast(
    ({ kind, outcome, startedAt }) =>
      (kind === 'provision' || kind === 'verify') && outcome === 'failed' && startedAt > provedAt,
  );
  if (!run?.failure) return null;
  const { type, message } = run.failure;
  return { run: run.id, at: run.finishedAt, type, message };
}

/** Why an environment has no proof, for its reader. */
export function noProofReason({ record, runs }: Pick<StoredEnvironment, 'record' | 'runs'>): string {
  const last = runs.findLast(({ kind }) => kind === 'provision' || kind === 'verify');
  if (!last) return `${record.name} is ${record.state}; no run has proved its isolation.`;
  if (last.outcome === 'running')
    return `The run ${last.id} of ${record.name} has not ended; its receipt will have the proof.`;
  const failure = last.failure ? ` (${last.failure.type}: ${last.failure.message})` : '';
  return `No run of ${record.name} has left a proof. The last one, ${last.id}, ended as ${last.outcome}${failure}.`;
}
