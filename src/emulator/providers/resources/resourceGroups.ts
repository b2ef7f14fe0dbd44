import { groupType } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ResourceType } from '../../arm/model.ts';
import { tagsOf } from '../../arm/tags.ts';

const namePattern = /^[-\p{L}\p{N}_.()]{1,90}$/u;

/** Resource groups. Creation is immediate; deletion deletes all resources in the group. */
const resourceGroup: ResourceType = {
  type: groupType,
  style: 'group',
  duration: { delete: 'resourceGroup.delete' },
  prepare: (_cloud, { name, body }) => {
    if (!namePattern.test(name) || name.endsWith('.'))
      throw new ArmError(
        400,
        'InvalidResourceGroup',
        `The provided resource group name '${name}' has these invalid characters or ends with '.'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
      );
    return { properties: {}, tags: tagsOf(body) ?? {} };
  },
};

export const types: ResourceType[] = [resourceGroup];
