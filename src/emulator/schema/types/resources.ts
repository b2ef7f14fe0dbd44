import { object } from '../shapes.ts';

export const resourceGroup = object('location! managedBy tags:{} - id systemData type', {
  properties: object('- provisioningState'),
});

export const tagsAtScope = object('operation:Replace|Merge|Delete - id systemData type', {
  'properties!': object('tags:{}'),
});

export const userAssignedIdentity = object('location! tags:{} - id systemData type', {
  properties: object('isolationScope:None|Regional - clientId principalId tenantId', {
    assignmentRestrictions: object('providers:[]'),
  }),
});
