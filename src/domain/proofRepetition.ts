/** A ready environment, as Temporal's visibility lists it. */
export interface ReadyEnvironment {
  name: string;
  subscriptionId: string;
  /** end of its newest proof (ISO time); null: none */
  provedAt: string | null;
}

/** Access of the repetition to Temporal. */
export interface ReadyEnvironments {
  list(): Promise<ReadyEnvironment[]>;
}

/** The environments of one subscription whose proofs are repeated one at a time; those that were proved longest ago first. */
export interface ProofQueue {
  subscriptionId: string;
  names: string[];
  /** when the next one starts, in ms since the epoch */
  nextAt: number;
  /** ms between two starts */
  spacingMs: number;
}

interface Period {
  /** of the schedule, ms */
  intervalMs: number;
  /** ms since the epoch */
  now: number;
  /** no proof is requested or awaited after this time; ms since the epoch */
  endsAt: number;
}

/**
 * When a repetition that starts at `now` ends: a twentieth of the interval before the schedule's next time, so that the next one always
 * starts. Times of a Temporal schedule with an interval are its multiples since the epoch (Temporal docs: Schedule, "interval").
 */
export const repetitionEnd = ({ intervalMs, now }: Omit<Period, 'endsAt'>): number =>
  (Math.floor(now / intervalMs) + 1) * intervalMs - intervalMs / 20;

/** The queues of all subscriptions, each spread over the time until `endsAt`. A proof that is younger than half an interval is not repeated. */
export function proofQueues(ready: readonly ReadyEnvironment[], { intervalMs, now, endsAt }: Period): ProofQueue[] {
  const timeOf = ({ provedAt }: ReadyEnvironment): number => (provedAt === null ? 0 : Date.parse(provedAt));
  const due = ready.filter((environment) => now - timeOf(environment) >= intervalMs / 2);
  const queues = new Map<string, string[]>();
  for (const { name, subscriptionId } of due.toSorted((a, b) => timeOf(a) - timeOf(b)))
    queues.set(subscriptionId, [...(queues.get(subscriptionId) ?? []), name]);
  return [...queues].map(([subscriptionId, names]) => ({
    subscriptionId,
    names,
    nextAt: now,
    spacingMs: Math.floor(Math.max(0, endsAt - now) / names.length),
  }));
}
