import { asObject } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import type { Resource } from './model.ts';
import { ArmError } from './model.ts';
import { groupBeingDeleted, resourceNotFound, requireUnlocked, notEmulated } from './armErrors.ts';
import { checkTags, tagsOf } from './tags.ts';
import { policedPatch } from '../policy/policyDenial.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** `{scope}/providers/Microsoft.Resources/tags/default`: the tags of a group or resource, changed one by one or as a whole. */
export function tagsAtScope(cloud: EmulatedCloud, call: Call, scope: string): Reply {
  const resource = cloud.find(scope);
  if (!resource) throw resourceNotFound(scope);
  if (call.method === 'GET') return tagsReply(resource);
  requireUnlocked(cloud, resource.id, 'write');
  if (cloud.running(resource)?.kind === 'delete') throw groupBeingDeleted(resource.name);
  const body = { tags: changed(resource.tags ?? {}, call) };
  resource.tags = tagsOf(policedPatch(cloud, resource, body)) ?? {};
  cloud.save(resource);
  return call.method === 'DELETE' ? { status: 200 } : tagsReply(resource);
}

function changed(tags: Record<string, string>, call: Call): Record<string, string> {
  const given = checkTags(asObject(asObject(call.body['properties'])['tags']));
  if (call.method === 'DELETE') return {};
  if (call.method === 'PUT') return given;
  if (call.method !== 'PATCH') throw notEmulated(call.method, 'on Microsoft.Resources/tags');
  switch (call.body['operation']) {
    case 'Replace':
      return given;
    case 'Merge':
      return checkTags({ ...without(tags, given, false), ...given });
    case 'Delete':
      return without(tags, given, true);
    default:
      throw new ArmError(400, 'InvalidTagsOperation', "The tags operation must be 'Merge', 'Replace' or 'Delete'.");
  }
}

/** Tags without those that are named; names ignore case, values are compared only where given. */
function without(
  tags: Record<string, string>,
  named: Record<string, string>,
  valuesCount: boolean,
): Record<string, string> {
  const names = new Map(Object.entries(named).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => {
      const other = names.get(name.toLowerCase());
      return other === undefined || (valuesCount && other !== value);
    }),
  );
}

const tagsReply = ({ id, tags }: Resource): Reply => ({
  status: 200,
  body: {
    id: `${id}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags: tags ?? {} },
  },
});
