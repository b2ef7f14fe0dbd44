import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { PreflightReport } from '../../domain/preflight.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { listGroup } from '../resources/resourceGroup.ts';
import { runCheck } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import { checkGroup, checkLocks } from './groupChecks.ts';
import { checkNamePatterns } from './nameRules.ts';
import { assumedNames, checkDeletedVault, checkGlobalNames } from './nameAvailability.ts';
import { checkDeploymentQuota, checkJumpboxQuota, checkJumpboxSize } from './quotaChecks.ts';
import { checkClock, checkPermissions, checkProviders, checkSubscription } from './subscriptionChecks.ts';

export interface PreflightInput {
  site: EnvironmentRef;
  spec: Spec;
  specHash: string;
}

/** Everything that can be known before anything is created, all findings at once. Changes nothing. */
export async function preflight(deps: ActivityDeps, { site, spec, specHash }: PreflightInput): Promise<PreflightReport> {
  const group = await listGroup(deps, { site });
  const inventory = group.sealed ? group.resources.map(({ id }) => id) : [];
  const it: PreflightContext = {
    ...deps,
    site,
    spec,
    specHash,
    sealed: group.sealed,
    groupExists: group.exists,
    groupTags: group.tags,
    inventory,
  };
  const asked = await Promise.all([
    runCheck(deps, 'PF-01', 'the subscription', () => checkSubscription(it)),
    runCheck(deps, 'PF-01', 'the permissions of the caller', () => checkPermissions(it)),
    runCheck(deps, 'PF-02', 'the resource providers', () => checkProviders(it)),
    runCheck(deps, 'PF-33', 'the locks', () => checkLocks(it)),
    runCheck(deps, 'PF-41', 'the global names', () => checkGlobalNames(it)),
    runCheck(deps, 'PF-42', 'soft-deleted vaults', () => checkDeletedVault(it)),
    runCheck(deps, 'ML-QUOTA', 'the quota for the deployment', () => checkDeploymentQuota(it)),
    runCheck(deps, 'VM-QUOTA', 'the quota for the jumpbox', () => checkJumpboxQuota(it)),
    runCheck(deps, 'VM-SIZE', 'the size of the jumpbox', () => checkJumpboxSize(it)),
  ]);
  const findings = [
    ...checkGroup(it),
    ...checkNamePatterns(it),
    ...asked.flat(),
    ...assumedNames(it),
    // Last: the answers above told Azure's time.
    ...checkClock(it),
  ];
  return { findings, inventory };
}
