import { depthOf, idOf, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import type { ResourceType } from './model.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** The id in canonical spelling: of the stored resource, else the type's own words and the caller's names below the stored scope. */
export function canonicalId(cloud: EmulatedCloud, type: ResourceType, { scope, names }: Target): string {
  const above = depthOf(type.type) > 1 ? cloud.find(parentIdOf(idOf(scope, type.type, names))) : undefined;
  const base = cloud.find(scope)?.id ?? scope;
  const id = above ? `${above.id}/${type.type.split('/').at(-1)}/${names.at(-1)}` : idOf(base, type.type, names);
  return cloud.find(id)?.id ?? id;
}
