import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { PreflightReport } from '../../domain/preflight.ts';
import type { Deps } from '../guarded.ts';
import { listGroup } from '../resourceGroup.ts';
import { checked } from './check.ts';
import type { Checked } from './check.ts';
import { checkGroup, checkLocks } from './group.ts';
import { checkNamePatterns } from './nameRules.ts';
import { assumedNames, checkDeletedVault, checkGlobalNames } from './nameUse.ts';
import { checkDeploymentQuota, checkJumpboxQuota, checkJumpboxSize } from './quota.ts';
import { checkClock, checkPermissions, checkProviders, checkSubscription } from './subscription.ts';

export interface PreflightInput {
  site: EnvironmentRef;
  spec: Spec;
  specHash: string;
}

/** Everything that can be known before anything is created, all findings at once. Changes nothing. */
export async function preflight(deps: Deps, { site, spec, specHash }: PreflightInput): Promise<PreflightReport> {
  const group = await listGroup(deps, { site });
  const inventory = group.sealed ? group.resources.map(({ id }) => id) : [];
  const it: Checked = {
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
    checked(deps, 'PF-01', 'the subscription', () => checkSubscription(it)),
    checked(deps, 'PF-01', 'the permissions of the caller', () => checkPermissions(it)),
    checked(deps, 'PF-02', 'the resource providers', () => checkProviders(it)),
    checked(deps, 'PF-33', 'the locks', () => checkLocks(it)),
    checked(deps, 'PF-41', 'the global names', () => checkGlobalNames(it)),
    checked(deps, 'PF-42', 'soft-deleted vaults', () => checkDeletedVault(it)),
    checked(deps, 'ML-QUOTA', 'the quota for the deployment', () => checkDeploymentQuota(it)),
    checked(deps, 'VM-QUOTA', 'the quota for the jumpbox', () => checkJumpboxQuota(it)),
    checked(deps, 'VM-SIZE', 'the size of the jumpbox', () => checkJumpboxSize(it)),
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
