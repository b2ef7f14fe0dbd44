import { groupType } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, ResourceType } from '../../arm/model.ts';
import { tagsOf } from '../../arm/tags.ts';

const namePattern = /^[-\p{L}\p{N}_.()]{1,90}$/u;

/** What is stored of a group: its tags, and the resource that manages it. */
function groupOf(body: JsonObject): Draft {
  const tags = tagsOf(body);
  const managedBy = body['managedBy'] ?? null;
  return { properties: managedBy === null ? {} : { managedBy }, ...(tags ? { tags } : {}) };
}

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
    return groupOf(body);
  },
  patch: (_cloud, { properties }, body) => groupOf({ ...properties, ...body }),
  toArm: (_cloud, { properties: { managedBy } }) => ({ properties: {}, ...(managedBy ? { managedBy } : {}) }),
};

export const types: ResourceType[] = [resourceGroup];
