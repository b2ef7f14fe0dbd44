import { ceilingMinutes } from '../domain/ceilings.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { observeEgressGone } from './egress.ts';
import { ensureResource } from './ensure.ts';
import { findGroups } from './findGroups.ts';
import { guarded } from './guarded.ts';
import type { Deps } from './guarded.ts';
import { checkInternetRule, proveOutside } from './isolation.ts';
import { readLease } from './lease.ts';
import { listLocks } from './locks.ts';
import { observeGone, observeResource } from './observe.ts';
import { readOutputs } from './outputs.ts';
import { preflight } from './preflight/index.ts';
import { checkPrivateLinks } from './privateLinks.ts';
import { proveGone } from './proveGone.ts';
import { observePurge, purgeVault } from './purge.ts';
import { deleteResource } from './remove.ts';
import { deleteGroup, ensureGroup, listGroup, observeGroupGone, tagGroup } from './resourceGroup.ts';
import { grantRole, listRoles, revokeRoles } from './roles.ts';
import { beginJumpboxCommand, deleteJumpboxCommand, observeJumpboxCommand } from './runOnJumpbox.ts';
import { readOwnedGroup } from './readOwnedGroup.ts';
import { registerVersions } from './versions.ts';

const ofGroup = ({ site }: { site: EnvironmentRef }): number => ceilingMinutes(groupId(site));
const ofVault = ({ site }: { site: EnvironmentRef }): number => ceilingMinutes(plannedResource(site, 'vault').id);
const ofEndpoint = ({ site }: { site: EnvironmentRef }): number =>
  ceilingMinutes(plannedResource(site, 'onlineEndpoint').id);

/**
 * Everything that touches Azure. Each takes one input, is short, may be repeated, and fails only with an ApplicationFailure
 * whose first detail is a FailureDetail.
 */
export function createActivities(deps: Deps) {
  return {
    preflight: guarded(deps, preflight),
    ensureGroup: guarded(deps, ensureGroup, ofGroup),
    tagGroup: guarded(deps, tagGroup),
    listGroup: guarded(deps, listGroup),
    readLease: guarded(deps, readLease),
    findGroups: guarded(deps, findGroups),
    readOwnedGroup: guarded(deps, readOwnedGroup),
    deleteGroup: guarded(deps, deleteGroup, ofGroup),
    observeGroupGone: guarded(deps, observeGroupGone, ofGroup),
    ensureResource: guarded(deps, ensureResource, ({ site, key }) => ceilingMinutes(plannedResource(site, key).id)),
    observeResource: guarded(deps, observeResource, ({ id }) => ceilingMinutes(id)),
    deleteResource: guarded(deps, deleteResource, ({ id }) => ceilingMinutes(id)),
    observeGone: guarded(deps, observeGone, ({ id }) => ceilingMinutes(id)),
    observeEgressGone: guarded(deps, observeEgressGone, ofEndpoint),
    listLocks: guarded(deps, listLocks),
    proveGone: guarded(deps, proveGone),
    purgeVault: guarded(deps, purgeVault, ofVault),
    observePurge: guarded(deps, observePurge, ofVault),
    checkPrivateLinks: guarded(deps, checkPrivateLinks),
    grantRole: guarded(deps, grantRole),
    listRoles: guarded(deps, listRoles),
    revokeRoles: guarded(deps, revokeRoles),
    registerVersions: guarded(deps, registerVersions),
    beginJumpboxCommand: guarded(deps, beginJumpboxCommand),
    /** the result is the command's own; `CommandResults` of the jumpbox tells its shape */
    observeJumpboxCommand: guarded(deps, observeJumpboxCommand, ({ id }) => ceilingMinutes(id)),
    deleteJumpboxCommand: guarded(deps, deleteJumpboxCommand),
    proveOutside: guarded(deps, proveOutside),
    checkInternetRule: guarded(deps, checkInternetRule),
    readOutputs: guarded(deps, readOutputs),
  };
}

export type Activities = ReturnType<typeof createActivities>;
