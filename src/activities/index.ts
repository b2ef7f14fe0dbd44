import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { operationTimeoutMinutes } from '../domain/operationTimeouts.ts';
import { plannedResource } from '../domain/resources.ts';
import { armActivity } from './armActivity.ts';
import type { ActivityDeps } from './deps.ts';
import { checkPrivateLinks } from './isolation/checkPrivateLinks.ts';
import { proveFromArm } from './isolation/proveFromArm.ts';
import { proveOutside } from './isolation/proveOutside.ts';
import { readChanges } from './isolation/readChanges.ts';
import { commandDeletionMinutes, deleteJumpboxCommand } from './jumpbox/jumpboxCommands.ts';
import { jumpboxRun } from './jumpbox/runJumpboxCommand.ts';
import { operationActivity } from './operationActivity.ts';
import { preflight } from './preflight/preflight.ts';
import { grantApprover } from './resources/approverRole.ts';
import { compareResources } from './resources/compareResources.ts';
import { checkEgressConnections, observeEgressConnections } from './resources/observeEgressConnections.ts';
import { deleteAddedConnections } from './resources/addedConnections.ts';
import { deleteAddedContainers } from './resources/addedContainers.ts';
import { deleteAddedVersions } from './resources/addedVersions.ts';
import { listAdditions } from './resources/listAdditions.ts';
import { listLocks } from './resources/listLocks.ts';
import { networkProvisioning } from './resources/managedNetwork/networkOperation.ts';
import { observeDeletion } from './resources/observeResource.ts';
import { readContainerLog, tailContainerLog } from './resources/readContainerLog.ts';
import { readLease } from './resources/readLease.ts';
import { readOutputs } from './resources/readOutputs.ts';
import { registerVersions } from './resources/registerVersions.ts';
import { ensureGroup, listGroup, tagGroup } from './resources/resourceGroup.ts';
import { groupDeletion, resourceCreation, resourceDeletion, vaultPurge } from './resources/resourceOperations.ts';
import { grantRole, listRoles, revokeRoles } from './resources/jumpboxRoles.ts';
import { verifyDeleted } from './resources/verifyDeleted.ts';
import { findGroups } from './sweep/findGroups.ts';
import { readOwnedGroup } from './sweep/readOwnedGroup.ts';

/** Minutes that a target may take to delete private endpoint connections. */
const connectionMinutes = 30;
const ofGroup = ({ ref }: { ref: EnvironmentRef }): number => operationTimeoutMinutes(groupId(ref));
const ofEndpoint = ({ ref }: { ref: EnvironmentRef }): number =>
  operationTimeoutMinutes(plannedResource(ref, 'onlineEndpoint').id);

/**
 * The activities that call ARM. Each one takes one input and is idempotent; each attempt is short, and fails only with an ApplicationFailure; its first
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
    deleteGroup: operationActivity(deps, groupDeletion),
    ensureResource: operationActivity(deps, resourceCreation),
    deleteResource: operationActivity(deps, resourceDeletion),
    observeDeletion: armActivity(deps, observeDeletion, ({ id }) => operationTimeoutMinutes(id)),
    observeEgressConnections: armActivity(deps, observeEgressConnections, ofEndpoint),
    checkEgressConnections: armActivity(deps, checkEgressConnections),
    listLocks: armActivity(deps, listLocks),
    listAdditions: armActivity(deps, listAdditions),
    deleteAddedContainers: armActivity(deps, deleteAddedContainers),
    deleteAddedVersions: armActivity(deps, deleteAddedVersions),
    deleteAddedConnections: armActivity(deps, deleteAddedConnections, () => connectionMinutes),
    verifyDeleted: armActivity(deps, verifyDeleted),
    purgeVault: operationActivity(deps, vaultPurge),
    checkPrivateLinks: armActivity(deps, checkPrivateLinks),
    grantRole: armActivity(deps, grantRole),
    grantApprover: armActivity(deps, grantApprover),
    provisionNetwork: operationActivity(deps, networkProvisioning),
    listRoles: armActivity(deps, listRoles),
    revokeRoles: armActivity(deps, revokeRoles),
    registerVersions: armActivity(deps, registerVersions),
    /** the result type depends on the command: `CommandResults` of the jumpbox */
    runJumpboxCommand: operationActivity(deps, jumpboxRun),
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
