import type { EnvironmentRecord, EnvironmentState, Target } from './environment.ts';
import { isProtectedTag } from './lease.ts';
import type { FoundGroup } from './sweep/inputs.ts';

const kept: readonly string[] = ['ready', 'expired', 'failed', 'cancelled'] satisfies EnvironmentState[];

/** The record of an environment whose workflow was lost, from its group's tags, which do not hold the spec. `now` is in ms since the epoch. */
export function recoverFromTags(group: FoundGroup, target: Target, now: number): EnvironmentRecord {
  const interrupted = !kept.includes(group.state ?? '');
  const isProtected = isProtectedTag(group.protected);
  return {
    name: group.name!,
    state: interrupted ? 'failed' : (group.state as EnvironmentState),
    target,
    spec: null,
    owner: group.owner ?? 'unknown',
    createdAt: new Date(now).toISOString(),
    lease: {
      expiresAt: group.expiresAt!,
      protected: isProtected,
      reason: isProtected && group.protected !== 'true' ? group.protected : null,
      markedAt: group.markedAt,
    },
    run: null,
    failure: interrupted
      ? {
          step: null,
          type: 'Unknown',
          code: 'Recovered',
          message: `The environment's workflow was lost while it was ${group.state ?? 'in an unknown state'}.`,
          remedy: 'POST the environment again to complete it, or DELETE it.',
          correlationId: null,
          log: null,
        }
      : null,
    outputs: {},
    proof: null,
    receipt: null,
  };
}
