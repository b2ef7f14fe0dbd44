import { isInGroup } from '../../domain/broughtResources.ts';
import { groupId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { plannedResource } from '../../domain/resources.ts';
import { scoringActions, scoringRoles } from '../../domain/roleDefinitions.ts';
import type { ScoringRole } from '../../domain/roleDefinitions.ts';
import { guidOf } from './guid.ts';

/** The roles of the jumpbox's identity. */
export type Role = 'pushImages' | 'uploadBlobs' | ScoringRole;

/** A role: built-in, or one that Moat defines with the only action that scoring needs. */
export interface Grant {
  on: ResourceKey;
  builtIn?: string;
  own?: { title: string; does: string; action: string };
}

/** Azure's built-in roles AcrPush and Storage Blob Data Contributor. To score, no built-in role is narrow enough. */
export const grants: Record<Role, Grant> = {
  pushImages: { on: 'registry', builtIn: '8311e382-0749-4cb8-b61a-304f252e45ec' },
  uploadBlobs: { on: 'storageAccount', builtIn: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  [scoringRoles.key]: {
    on: 'workspace',
    own: { title: 'key reader', does: 'lists the keys of online endpoints', action: scoringActions.key },
  },
  [scoringRoles.amlToken]: {
    on: 'workspace',
    own: { title: 'token reader', does: 'requests tokens of online endpoints', action: scoringActions.amlToken },
  },
  [scoringRoles.aadToken]: {
    on: 'workspace',
    own: { title: 'scorer', does: 'scores with online endpoints', action: scoringActions.aadToken },
  },
};
export const roles = Object.keys(grants) as Role[];

export const scopeOf = (ref: EnvironmentRef, role: Role): string => plannedResource(ref, grants[role].on).id;

/** The name of an assignment follows from what it is; below a brought resource also from the environment, of which others may use it too. */
export const assignmentName = (ref: EnvironmentRef, principalId: string, scope: string, role: Role): string =>
  isInGroup(ref, scope) ? guidOf(principalId, scope, role) : guidOf(principalId, scope, role, groupId(ref));
