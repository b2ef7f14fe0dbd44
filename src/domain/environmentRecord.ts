import type { EnvironmentRecord, Spec, Target } from './environment.ts';
import { expiresAfter } from './lease.ts';

/** The record of a requested environment before its first run. `now` is in ms since the epoch. */
export function newRecord(spec: Spec, target: Target, now: number): EnvironmentRecord {
  const lease = { expiresAt: expiresAfter(now, spec.ttl), protected: false, reason: null, markedAt: null };
  return {
    name: spec.name,
    state: 'provisioning',
    target,
    spec,
    owner: spec.owner,
    createdAt: new Date(now).toISOString(),
    lease,
    run: null,
    failure: null,
    outputs: {},
    proof: null,
    receipt: null,
  };
}
