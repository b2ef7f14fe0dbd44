export const runKinds = ['provision', 'score', 'verify', 'teardown'] as const;
export type RunKind = (typeof runKinds)[number];

/** One unit of work on an environment. `id` is like `provision-1`. */
export interface Run {
  id: string;
  kind: RunKind;
  startedAt: string;
  finishedAt: string | null;
  /** the caller's name; null: Moat itself, by the lease, the spec or the repetition of proofs; absent: not recorded, by an earlier version */
  requestedBy?: string | null;
}
