import { isInGroup } from '../../domain/broughtResources.ts';
import { groupId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { plannedResource } from '../../domain/resources.ts';
import { guidOf } from './guid.ts';

/** The roles of the jumpbox's identity, each with the resource that it is assigned on. */
const grants = {
  pushImages: 'registry',
  uploadBlobs: 'storageAccount',
  listKeys: 'workspace',
} as const satisfies Record<string, ResourceKey>;
export type Role = keyof typeof grants;
export const roles = Object.keys(grants) as Role[];

/** Azure's built-in roles AcrPush and Storage Blob Data Contributor. For listing an endpoint's keys, no built-in role is narrow enough. */
export const builtInRoles: Partial<Record<Role, string>> = {
  pushImages: '8311e382-0749-4cb8-b61a-304f252e45ec',
  uploadBlobs: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
};

export const scopeOf = (ref: EnvironmentRef, role: Role): string => plannedResource(ref, grants[role]).id;

/** The name of an assignment follows from what it is; below a brought resource also from the environment, of which others may use it too. */
export const assignmentName = (ref: EnvironmentRef, principalId: string, scope: string, role: Role): string =>
  isInGroup(ref, scope) ? guidOf(principalId, scope, role) : guidOf(principalId, scope, role, groupId(ref));
