import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { PreflightReport } from '../../domain/preflightReport.ts';
import type { ActivityDeps } from '../deps.ts';
import { listGroup } from '../resources/resourceGroup.ts';
import { runCheck } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import { checkGroup, checkLocks, checkTagLimit } from './groupChecks.ts';
import { checkNamePatterns } from './namePatterns.ts';
import { assumedNames, checkDeletedVault, checkGlobalNames, waitForDeletedNames } from './nameAvailability.ts';
import { checkJumpboxSizes } from './jumpboxChecks.ts';
import { checkDeploymentQuota } from './quotaChecks.ts';
import { checkPolicies } from './policyChecks.ts';
import { checkKeyReaderRole } from './keyReaderRole.ts';
import { checkPermissions } from './permissionChecks.ts';
import { checkClock, checkProviders, checkSubscription } from './subscriptionChecks.ts';

export interface PreflightInput {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** when an environment with the same globally unique names was deleted (ISO time) */
  namesFreedAt?: string | undefined;
}

/**
 * Runs every read-only check and returns all findings. Changes nothing. Throws `NotYetConsistent` while nothing blocks but names that this
 * installation has just deleted.
 */
export async function preflight(deps: ActivityDeps, input: PreflightInput): Promise<PreflightReport> {
  const { ref, spec, specHash } = input;
  const group = await listGroup(deps, { ref });
  const inventory = group.sealed ? group.resources.map(({ id }) => id) : [];
  const context: PreflightContext = {
    ...deps,
    ref,
    spec,
    specHash,
    sealed: group.sealed,
    groupExists: group.exists,
    groupTags: group.tags,
    inventory,
  };
  const checked = await Promise.all([
    runCheck(deps, 'PF-01', 'the subscription', () => checkSubscription(context)),
    runCheck(deps, 'PF-01', 'the permissions of the caller', () => checkPermissions(context)),
    runCheck(deps, 'PF-25', 'the role of the jumpbox', () => checkKeyReaderRole(context)),
    runCheck(deps, 'PF-02', 'the resource providers', () => checkProviders(context)),
    runCheck(deps, 'PF-33', 'the locks', () => checkLocks(context)),
    runCheck(deps, 'PF-41', 'the global names', () => checkGlobalNames(context)),
    runCheck(deps, 'PF-42', 'soft-deleted vaults', () => checkDeletedVault(context)),
    runCheck(deps, 'ML-QUOTA', 'the quota for the deployment', () => checkDeploymentQuota(context)),
    runCheck(deps, 'VM-SIZE', 'the sizes of the jumpbox', () => checkJumpboxSizes(context)),
    runCheck(deps, 'POLICY', 'the policies', () => checkPolicies(context)),
  ]);
  const findings = [
    ...checkGroup(context),
    ...checkTagLimit(context),
    ...checkNamePatterns(context),
    ...checked.flat(),
    ...assumedNames(context),
    // Last: it uses the time of ARM's last answer.
    ...checkClock(context),
  ];
  if (!group.exists) waitForDeletedNames(deps.azure, findings, input.namesFreedAt);
  return { findings, inventory };
}
