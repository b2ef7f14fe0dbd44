import type { Failure } from './failures.ts';
import type { HourlyCost } from './hourlyCost.ts';
import type { LeaseChangeRecord } from './leaseChange.ts';
import type { Finding } from './preflightReport.ts';
import type { StepProgress } from './progress.ts';
import type { Repair } from './repairRecord.ts';
import type { Run } from './run.ts';
import type { Json } from './json.ts';
import type { Spec } from './spec.ts';
import type { StepUsual } from './stepDurations.ts';

export type { Json } from './json.ts';
export type { RunKind } from './run.ts';
export type { ExistingResources, Jumpbox, OutboundRule, Probe, Spec, Tolerance, UserModel } from './spec.ts';

export type Target = 'emulator' | 'azure';

export const environmentStates = [
  'provisioning',
  'ready',
  'failed',
  'cancelled',
  'expired',
  'deleting',
  'blocked',
  'deleted',
] as const;
export type EnvironmentState = (typeof environmentStates)[number];

export interface Lease {
  /** ISO 8601, UTC */
  expiresAt: string;
  protected: boolean;
  reason: string | null;
  markedAt: string | null;
  /** absent: no request has changed it yet */
  lastChange?: LeaseChangeRecord;
}

/** The requests of clients, for which the lifecycle table has a decision. `teardown` is DELETE; `renew` and `protect` are PATCH. */
export const clientActions = ['provision', 'cancel', 'teardown', 'renew', 'protect', 'score', 'verify'] as const;
export type ClientAction = (typeof clientActions)[number];

/** Where a row of a proof was observed: by the worker, on the jumpbox, from ARM's resources, or from the jumpbox towards the Internet. */
export const proofOrigins = ['outside', 'inside', 'arm', 'outward'] as const;

/** One row of an isolation proof. `passed` needs positive evidence; without any the row is `inconclusive`. */
export interface ProofRow {
  /** what was checked, e.g. `scoring endpoint from outside`: unique in a proof, and the same in every proof */
  check: string;
  from: (typeof proofOrigins)[number];
  expected: string;
  /** addresses, status, error, or the values in ARM */
  observed: string;
  /** when it was observed (ISO time) */
  at: string;
  verdict: 'passed' | 'failed' | 'inconclusive';
}

/** A row of a proof whose verdict is another one than in the proof before. */
export interface ProofChange {
  check: ProofRow['check'];
  from: ProofRow['from'];
  before: ProofRow['verdict'];
  after: ProofRow['verdict'];
}

/** A proof of isolation. */
export interface Proof {
  /** when it ended (ISO time) */
  at: string;
  /** every row passed */
  complete: boolean;
  rows: ProofRow[];
  /** since the environment's previous proof; empty in the first */
  changes: ProofChange[];
}

export interface Score {
  /** HTTP status of the endpoint */
  status: number;
  body: Json;
  /** the endpoint's own time, in milliseconds */
  latencyMs: number;
}

/** An image that the Dockerfile of a scoring image starts from. */
interface BaseImage {
  /** as in the Dockerfile */
  name: string;
  /** what it was when the scoring image was built */
  digest: string;
  /** what the name stands for now, where that is another image; null otherwise */
  movedTo: string | null;
}

/** The scoring image, and what it was built from. */
export interface ImageReceipt {
  /** by digest, in the private registry; null: the image of Azure serves the model, and none was built */
  image: string | null;
  /** commit of the sources */
  commit: string;
  baseImages: BaseImage[];
}

/** The answer to the sample request, which was the expected one. It was compared on the jumpbox, so it may have any size. */
export interface SampleScore {
  /** HTTP status of the endpoint */
  status: number;
  /** the endpoint's own time, in milliseconds */
  latencyMs: number;
  /** the whole answer; null when it is long */
  body: Json;
  /** the first 300 characters of the answer */
  excerpt: string;
  /** size of the answer */
  bytes: number;
  /** of the answer, hexadecimal */
  sha256: string;
}

/** The answer of the image's container on the jumpbox to the sample request, before a deployment was created: the expected one. */
export interface LocalTry extends Omit<SampleScore, 'body'> {
  /** the last lines of the container's log */
  log: string;
}

/** A property that a policy made stricter than Moat requested. */
export interface PolicyChange {
  /** ARM id */
  resource: string;
  /** path of its members, joined by dots */
  property: string;
  requested: Json;
  actual: Json;
}

export interface ProvisionReceipt {
  /** of the preflight, those that did not block: `warns`, `unknown` and `assumed` */
  findings: Finding[];
  image: ImageReceipt;
  /** absent: the spec has no `tryLocally` */
  localTry?: LocalTry;
  policyChanges: PolicyChange[];
  proof: Proof;
  score: SampleScore;
}

export interface Blocker {
  resource: string;
  reason: string;
  /** the command that clears it */
  command: string;
}

/** The evidence that a teardown leaves. */
export interface TeardownReceipt {
  removed: { id: string; proof: 'gone' | 'purged' | 'assumed' }[];
  remaining: string[];
  blockers: Blocker[];
}

/** What a `verify` run leaves, and what a `provision` run that failed had found until then. */
export interface RunEvidence {
  /** of the preflight of a `provision` run, also those that block */
  findings?: Finding[];
  proof?: Proof;
  /** of a `verify` run: what it has closed before its last proof */
  repairs?: Repair[];
}

export type Receipt = ProvisionReceipt | TeardownReceipt | Score | RunEvidence;

/** A run in the history of runs, with its outcome and receipt. */
export interface RunRecord extends Run {
  outcome: 'running' | 'succeeded' | 'failed' | 'cancelled';
  failure: Failure | null;
  receipt: Receipt | null;
}

export interface Outputs {
  scoringUri?: string;
  workspaceId?: string;
}

/** An environment as its workflow keeps it in its memo: everything except the steps and links. */
export interface EnvironmentRecord {
  name: string;
  state: EnvironmentState;
  target: Target;
  /** null when the environment was recovered from its tags */
  spec: Spec | null;
  owner: string;
  createdAt: string;
  lease: Lease;
  run: Run | null;
  failure: Failure | null;
  outputs: Outputs;
  /** the newest proof, whichever run made it; null before the first */
  proof: Proof | null;
  receipt: Receipt | null;
}

/** A step as the API answers it; `usual` while a step of a provision run is running. */
export interface ShownStep extends StepProgress {
  usual?: StepUsual;
}

/** An environment as the API answers it. */
export interface Environment extends EnvironmentRecord {
  /** requests that have an effect now; every other one is refused, or its result is reached already */
  actions: ClientAction[];
  steps: ShownStep[];
  /** null: it is deleted, or was recovered from its tags */
  costPerHour: HourlyCost | null;
  links: { temporal: string | null; portal: string | null; events: string };
}

/** How many live environments there are, by state. */
export interface EnvironmentSummary {
  total: number;
  states: Record<Exclude<EnvironmentState, 'deleted'>, number>;
}
