import { operationTimeoutMinutes } from '../domain/operationTimeouts.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { observeEgressConnections } from './resources/egressConnections.ts';
import { ensureResource } from './resources/ensureResource.ts';
import { findGroups } from './sweep/findGroups.ts';
import { withHeartbeat } from './withHeartbeat.ts';
import type { ActivityDeps } from './withHeartbeat.ts';
import { checkInternetRule, proveOutside } from './isolation/proveOutside.ts';
import { readLease } from './resources/readLease.ts';
import { listLocks } from './resources/managementLocks.ts';
import { observeDeletion, observeResource } from './resources/observeResource.ts';
import { readOutputs } from './resources/readOutputs.ts';
import { preflight } from './preflight/preflight.ts';
import { checkPrivateLinks } from './isolation/checkPrivateLinks.ts';
import { verifyDeleted } from './resources/verifyDeleted.ts';
import { observeVaultPurge, purgeVault } from './resources/purgeVault.ts';
import { deleteResource } from './resources/deleteResource.ts';
import { deleteGroup, ensureGroup, listGroup, observeGroupDeletion, tagGroup } from './resources/resourceGroup.ts';
import { grantRole, listRoles, revokeRoles } from './resources/roleAssignments.ts';
import { beginJumpboxCommand, deleteJumpboxCommand, observeJumpboxCommand } from './jumpbox/jumpboxCommands.ts';
import { readSuffixes } from './sweep/readSuffixes.ts';
import { registerVersions } from './resources/registerVersions.ts';

const ofGroup = ({ site }: { site: EnvironmentRef }): number => operationTimeoutMinutes(groupId(site));
const ofVault = ({ site }: { site: EnvironmentRef }): number => operationTimeoutMinutes(plannedResource(site, 'vault').id);
const ofEndpoint = ({ site }: { site: EnvironmentRef }): number =>
  operationTimeoutMinutes(plannedResource(site, 'onlineEndpoint').id);

/**
 * Everything that touches Azure. Each takes one input, is short, may be repeated, and fails only with an ApplicationFailure
 * whose first detail is a FailureDetail.
 */
export function createActivities(deps: ActivityDeps) {
  return {
    preflight: withHeartbeat(deps, preflight),
    ensureGroup: withHeartbeat(deps, ensureGroup, ofGroup),
    tagGroup: withHeartbeat(deps, tagGroup),
    listGroup: withHeartbeat(deps, listGroup),
    readLease: withHeartbeat(deps, readLease),
    findGroups: withHeartbeat(deps, findGroups),
    readSuffixes: withHeartbeat(deps, readSuffixes),
    deleteGroup: withHeartbeat(deps, deleteGroup, ofGroup),
    observeGroupGone: withHeartbeat(deps, observeGroupDeletion, ofGroup),
    ensureResource: withHeartbeat(deps, ensureResource, ({ site, key }) => operationTimeoutMinutes(plannedResource(site, key).id)),
    observeResource: withHeartbeat(deps, observeResource, ({ id }) => operationTimeoutMinutes(id)),
    deleteResource: withHeartbeat(deps, deleteResource, ({ id }) => operationTimeoutMinutes(id)),
    observeGone: withHeartbeat(deps, observeDeletion, ({ id }) => operationTimeoutMinutes(id)),
    observeEgressGone: withHeartbeat(deps, observeEgressConnections, ofEndpoint),
    listLocks: withHeartbeat(deps, listLocks),
    proveGone: withHeartbeat(deps, verifyDeleted),
    purgeVault: withHeartbeat(deps, purgeVault, ofVault),
    observePurge: withHeartbeat(deps, observeVaultPurge, ofVault),
    checkPrivateLinks: withHeartbeat(deps, checkPrivateLinks),
    grantRole: withHeartbeat(deps, grantRole),
    listRoles: withHeartbeat(deps, listRoles),
    revokeRoles: withHeartbeat(deps, revokeRoles),
    registerVersions: withHeartbeat(deps, registerVersions),
    beginJumpboxCommand: withHeartbeat(deps, beginJumpboxCommand),
    /** the result is the command's own; `CommandResults` of the jumpbox tells its shape */
    observeJumpboxCommand: withHeartbeat(deps, observeJumpboxCommand, ({ id }) => operationTimeoutMinutes(id)),
    deleteJumpboxCommand: withHeartbeat(deps, deleteJumpboxCommand),
    proveOutside: withHeartbeat(deps, proveOutside),
    checkInternetRule: withHeartbeat(deps, checkInternetRule),
    readOutputs: withHeartbeat(deps, readOutputs),
  };
}

export type Activities = ReturnType<typeof createActivities>;
