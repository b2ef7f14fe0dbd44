import { notEmulated } from '../../arm/armErrors.ts';
import type { ResourceType } from '../../arm/model.ts';

/** Extensions of a virtual machine: only those that a policy adds (see `Appearances`). */
export const extension: ResourceType = {
  type: 'Microsoft.Compute/virtualMachines/extensions',
  style: 'sync',
  duration: {},
  prepare: () => {
    throw notEmulated('PUT', `on ${extension.type}`);
  },
};
