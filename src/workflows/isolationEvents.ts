import type { Proof } from '../domain/environment.ts';
import { failedRows, isolationChange } from '../domain/proof.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import { publishEvents } from './publishEvents.ts';

/**
 * Publishes what the newest proof of a ready environment changes: its isolation broke, or is restored. Each is published once, until the
 * other one follows. A provisioning run that fails is a failed run and publishes nothing.
 */
export async function publishIsolationChange({ record, ref, knownIsolation }: EnvironmentStore): Promise<void> {
  const { name, owner, lease, proof } = record;
  const change = proof ? isolationChange(proof, knownIsolation) : 'none';
  if (!proof || change === 'none') return;
  knownIsolation.broken = change === 'broken';
  const environment = { name, subscriptionId: ref.subscriptionId, owner, expiresAt: lease.expiresAt };
  const message = change === 'broken' ? brokenMessage(proof) : 'every check of the proof has passed';
  await publishEvents([
    { type: `environment.isolation-${change}`, at: new Date().toISOString(), environment, sweep: null, message },
  ]);
}

const brokenMessage = ({ rows }: Proof): string => failedRows(rows).join('; ');
