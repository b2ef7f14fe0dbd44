import type { Admission, EnvironmentGateway, ProvisionRequest } from '../../domain/environmentGateway.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { Problem } from '../../domain/problem.ts';
import { chooseAnotherSuffix } from '../../domain/remedies.ts';
import { nonRetryable } from '../errors/activityFailures.ts';

/** A suffix that another environment holds ends the run: as with a name that is taken in Azure, only another suffix helps. */
function suffixFailure(thrown: unknown): never {
  if (!(thrown instanceof Problem && thrown.code === 'SuffixInUse')) throw thrown;
  const { code, message } = thrown;
  throw nonRetryable({ type: 'NameTaken', code, message, remedy: chooseAnotherSuffix });
}

/** The local activities of an environment's workflow. They call Temporal, and are part of a workflow task: a queue would cost more than they do. */
export const createEnvironmentActivities = (gateway: EnvironmentGateway) => ({
  /** Claims the suffix before a provisioning run begins. Throws (final) `NameTaken`. */
  async admitProvision({ ref, owner, createdAt }: ProvisionRequest): Promise<Admission> {
    const [namesFreedAt, ownerIsBusy] = await Promise.all([
      gateway.claimSuffix(ref).catch(suffixFailure),
      gateway.isOwnerBusy(owner, createdAt),
    ]);
    return { ...(namesFreedAt !== undefined && { namesFreedAt }), ownerIsBusy };
  },
  releaseSuffix: ({ ref }: { ref: EnvironmentRef }): Promise<void> => gateway.releaseSuffix(ref),
});

export type EnvironmentActivities = ReturnType<typeof createEnvironmentActivities>;
