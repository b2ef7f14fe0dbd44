import { usualMinSeconds } from '../../domain/durations.ts';
import { groupId, groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { heldMinutes, operationTimeoutMinutes } from '../../domain/operationTimeouts.ts';
import { extraMinutes } from '../../domain/probe.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { OperationParts, Started } from '../operationActivity.ts';
import { beginDeletion } from './deleteResource.ts';
import type { DeleteResourceInput } from './deleteResource.ts';
import { beginResource } from './ensureResource.ts';
import type { EnsureResourceInput } from './ensureResource.ts';
import { awaitDisconnection, networkEndpoints } from './managedNetwork/networkEndpoints.ts';
import type { NetworkEndpoint } from './managedNetwork/networkEndpoints.ts';
import { observeDeletion, observeResource } from './observeResource.ts';
import { beginVaultPurge, observeVaultPurge } from './purgeVault.ts';
import type { PurgeVaultInput } from './purgeVault.ts';
import type { PolicyChanges } from './readBack.ts';
import { beginGroupDeletion, observeGroupDeletion } from './resourceGroup.ts';
import type { DeleteGroupInput, DeletionResult } from './resourceGroup.ts';
import { labelOf } from './resourceTypes.ts';

/** What a policy made stricter, and how often the request was tried, where more than once. */
export interface EnsureResult extends PolicyChanges {
  attempts?: number;
}

const ensureResult = ({ policyChanges }: PolicyChanges, attempts: number): EnsureResult => ({
  ...(policyChanges && { policyChanges }),
  ...(attempts > 1 && { attempts }),
});

/** Creates a resource, or adopts the existing one, and waits until ARM reports it as Succeeded. Without capacity for a size, the workflow tries the next. */
export const resourceCreation: OperationParts<EnsureResourceInput, EnsureResult, Started> = {
  async begin(deps, input, tried) {
    const { policyChanges, ...started } = await beginResource(deps, input);
    if (started.token === null && /^succeeded$/i.test(started.state))
      return { result: ensureResult(policyChanges ? { policyChanges } : {}, tried) };
    return { started };
  },
  poll: async (deps, requested, started, tried) =>
    ensureResult(await observeResource(deps, { ...polled(started), requested }), tried),
  label: ({ ref, key }) => labelOf(plannedResource(ref, key).id),
  beginMinutes: ({ ref, key }) => operationTimeoutMinutes(plannedResource(ref, key).id),
  pollMinutes: ({ ref, key, options }) =>
    operationTimeoutMinutes(plannedResource(ref, key).id) + extraMinutes(options.probe),
  usualMinSeconds: ({ key }) => usualMinSeconds(`ensure:${key}`),
  repeats: ({ options }, type) => options.vmSize === undefined || type !== 'Capacity',
};

/** The id and token for a poll. A poll whose operation has ended drops the token: the next one reads only the resource. */
const polled = (started: Started) => ({
  id: started.id,
  token: started.token,
  onOperationEnd: () => {
    started.token = null;
  },
});

export interface RemovalResult {
  /** ARM accepted the request with an operation, so that the resource existed */
  accepted: boolean;
}

interface StartedRemoval extends Started, RemovalResult {}

const begun = (id: string, operation: DeletionResult) =>
  operation.state === 'gone'
    ? { result: { accepted: false } }
    : { started: { ...operation, id, accepted: operation.token !== null } };

interface StartedDeletion extends StartedRemoval {
  /** of a workspace: the private endpoints that leave with it */
  endpoints?: NetworkEndpoint[];
  /** when it was first seen to be gone, in ms since the epoch */
  goneAt?: number;
}

/**
 * Deletes a resource of the sealed group, and waits until ARM answers 404. A workspace takes its managed network along: its private endpoints
 * leave what they are connected to some time later.
 */
export const resourceDeletion: OperationParts<DeleteResourceInput, RemovalResult, StartedDeletion> = {
  async begin(deps, input) {
    const endpoints = await networkEndpoints(deps.azure, input.ref, input.id);
    const deletion = begun(input.id, await beginDeletion(deps, input));
    return 'started' in deletion && endpoints.length > 0 ? { started: { ...deletion.started, endpoints } } : deletion;
  },
  async poll(deps, _input, started) {
    const { endpoints } = started;
    if (started.goneAt === undefined) await observeDeletion(deps, polled(started));
    if (endpoints) await awaitDisconnection(deps, endpoints, (started.goneAt ??= Date.now()));
    return { accepted: started.accepted };
  },
  label: ({ id }) => labelOf(id),
  beginMinutes: ({ id }) => heldMinutes(id),
  pollMinutes: ({ id }) => operationTimeoutMinutes(id),
};

const groupMinutes = ({ ref }: { ref: EnvironmentRef }): number => operationTimeoutMinutes(groupId(ref));

/** Deletes the sealed group, and waits for the end of its deletion. */
export const groupDeletion: OperationParts<DeleteGroupInput, RemovalResult, StartedRemoval> = {
  begin: async (deps, input) => begun(groupId(input.ref), await beginGroupDeletion(deps, input)),
  async poll(deps, { ref }, started) {
    await observeGroupDeletion(deps, { ...polled(started), ref });
    return { accepted: true };
  },
  label: ({ ref }) => `resource group ${groupName(ref)}`,
  beginMinutes: groupMinutes,
  pollMinutes: groupMinutes,
};

const vaultOf = (ref: EnvironmentRef) => plannedResource(ref, 'vault');

/** Purges the environment's soft-deleted vault, and waits until it is purged. */
export const vaultPurge: OperationParts<PurgeVaultInput, RemovalResult, StartedRemoval> = {
  begin: async (deps, input) => begun(vaultOf(input.ref).id, await beginVaultPurge(deps, input)),
  async poll(deps, { ref }, started) {
    await observeVaultPurge(deps, { ...polled(started), ref });
    return { accepted: true };
  },
  label: ({ ref }) => `key vault ${resourceName(ref, 'vault')}`,
  beginMinutes: ({ ref }) => operationTimeoutMinutes(vaultOf(ref).id),
  pollMinutes: ({ ref }) => operationTimeoutMinutes(vaultOf(ref).id),
};
