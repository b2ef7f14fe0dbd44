import { list, object } from '../shapes.ts';

export const roleAssignment = object('- id systemData type', {
  'properties!': object(`
    canDelegate:bool condition conditionVersion description delegatedManagedIdentityResourceId principalId!
    principalType:User|Group|ServicePrincipal|ForeignGroup|Device|AgentUser|AgentServicePrincipal
    roleDefinitionId! - createdBy createdOn scope updatedBy updatedOn`),
});

export const roleDefinition = object('- id type', {
  properties: object('assignableScopes:[] description roleName type - createdBy createdOn updatedBy updatedOn', {
    permissions: list(object('actions:[] condition conditionVersion dataActions:[] notActions:[] notDataActions:[]')),
  }),
});

/** The level is checked by the rules of locks. */
export const lock = object('- id systemData type', {
  'properties!': object('level notes', { owners: list(object('applicationId')) }),
});
