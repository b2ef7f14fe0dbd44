export const leaseChangeKinds = ['renewed', 'protected', 'released'] as const;

/** The last request that changed a lease. */
export interface LeaseChangeRecord {
  kind: (typeof leaseChangeKinds)[number];
  /** ISO 8601, UTC */
  at: string;
  /** who sent it; null: a repeated POST renewed an expired lease */
  by: string | null;
}
