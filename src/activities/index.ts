import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { operationTimeoutMinutes } from '../domain/operationTimeouts.ts';
import { extraMinutes } from '../domain/probe.ts';
import type { ResourceKey } from '../domain/resourceKeys.ts';
import { plannedResource } from '../domain/resources.ts';
import { armActivity } from './armActivity.ts';
import type { ActivityDeps } from './deps.ts';
import { checkPrivateLinks } from './isolation/checkPrivateLinks.ts';
import { proveFromArm } from './isolation/proveFromArm.ts';
import { proveOutside } from './isolation/proveOutside.ts';
import { readChanges } from './isolation/readChanges.ts';
import {
  beginJumpboxCommand,
  commandDeletionMinutes,
  commandMinutes,
  commandStartMinutes,
  deleteJumpboxCommand,
  observeJumpboxCommand,
} from './jumpbox/jumpboxCommands.ts';
import { preflight } from './preflight/preflight.ts';
import { compareResources } from './resources/compareResources.ts';
import { deleteResource } from './resources/deleteResource.ts';
import { checkEgressConnections, observeEgressConnections } from './resources/observeEgressConnections.ts';
import { ensureResource } from './resources/ensureResource.ts';
import { listLocks } from './resources/listLocks.ts';
import { observeDeletion, observeResource } from './resources/observeResource.ts';
import { observeVaultPurge, purgeVault } from './resources/purgeVault.ts';
import { readContainerLog, tailContainerLog } from './resources/readContainerLog.ts';
import { readLease } from './resources/readLease.ts';
import { readOutputs } from './resources/readOutputs.ts';
import { registerVersions } from './resources/registerVersions.ts';
import { deleteGroup, ensureGroup, listGroup, observeGroupDeletion, tagGroup } from './resources/resourceGroup.ts';
import { grantRole, listRoles, revokeRoles } from './resources/jumpboxRoles.ts';
import { verifyDeleted } from './resources/verifyDeleted.ts';
import { findGroups } from './sweep/findGroups.ts';
import { readOwnedGroup } from './sweep/readOwnedGroup.ts';

const ofGroup = ({ ref }: { ref: EnvironmentRef }): number => operationTimeoutMinutes(groupId(ref));
const ofId = ({ id }: { id: string }): number => operationTimeoutMinutes(id);
const ofKey = ({ ref, key }: { ref: EnvironmentRef; key: ResourceKey }): number =>
  operationTimeoutMinutes(plannedResource(ref, key).id);
const ofVault = ({ ref }: { ref: EnvironmentRef }): number => ofKey({ ref, key: 'vault' });
const ofEndpoint = ({ ref }: { ref: EnvironmentRef }): number => ofKey({ ref, key: 'onlineEndpoint' });

/**
 * The activities that call ARM. Each one takes one input, is short and idempotent, and fails only with an ApplicationFailure; its first
 * detail is a FailureDetail.
 */
export function createActivities(deps: ActivityDeps) {
  return {
    preflight: armActivity(deps, preflight),
    compareResources: armActivity(deps, compareResources),
    ensureGroup: armActivity(deps, ensureGroup, ofGroup),
    tagGroup: armActivity(deps, tagGroup),
    listGroup: armActivity(deps, listGroup),
    readLease: armActivity(deps, readLease),
    findGroups: armActivity(deps, findGroups),
    readOwnedGroup: armActivity(deps, readOwnedGroup),
    deleteGroup: armActivity(deps, deleteGroup, ofGroup),
    observeGroupDeletion: armActivity(deps, observeGroupDeletion, ofGroup),
    ensureResource: armActivity(deps, ensureResource, ofKey),
    observeResource: armActivity(
      deps,
      observeResource,
      ({ id, requested }) => operationTimeoutMinutes(id) + extraMinutes(requested?.options.probe),
    ),
    deleteResource: armActivity(deps, deleteResource, ofId),
    observeDeletion: armActivity(deps, observeDeletion, ofId),
    observeEgressConnections: armActivity(deps, observeEgressConnections, ofEndpoint),
    checkEgressConnections: armActivity(deps, checkEgressConnections),
    listLocks: armActivity(deps, listLocks),
    verifyDeleted: armActivity(deps, verifyDeleted),
    purgeVault: armActivity(deps, purgeVault, ofVault),
    observeVaultPurge: armActivity(deps, observeVaultPurge, ofVault),
    checkPrivateLinks: armActivity(deps, checkPrivateLinks),
    grantRole: armActivity(deps, grantRole),
    listRoles: armActivity(deps, listRoles),
    revokeRoles: armActivity(deps, revokeRoles),
    registerVersions: armActivity(deps, registerVersions),
    beginJumpboxCommand: armActivity(deps, beginJumpboxCommand, () => commandStartMinutes),
    /** the result type depends on the command: `CommandResults` of the jumpbox */
    observeJumpboxCommand: armActivity(deps, observeJumpboxCommand, ({ command }) => commandMinutes(command)),
    deleteJumpboxCommand: armActivity(deps, deleteJumpboxCommand, () => commandDeletionMinutes),
    proveOutside: armActivity(deps, proveOutside),
    proveFromArm: armActivity(deps, proveFromArm),
    readChanges: armActivity(deps, readChanges),
    readOutputs: armActivity(deps, readOutputs),
    readContainerLog: armActivity(deps, readContainerLog),
    tailContainerLog: armActivity(deps, tailContainerLog),
  };
}

export type Activities = ReturnType<typeof createActivities>;
