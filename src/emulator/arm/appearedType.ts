import { notEmulated } from './armErrors.ts';
import type { ResourceType } from './model.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** The rules of a type: an emulated one, or one whose resources only appear (see `Appearances`), which can be read, tagged and deleted. */
export function typeNamed(cloud: EmulatedCloud, name: string): ResourceType | undefined {
  const known = cloud.type(name);
  if (known) return known;
  const type = cloud.appearances.typeNamed(name) ?? cloud.ofType(name)[0]?.type;
  if (type === undefined) return undefined;
  return {
    type,
    style: 'sync',
    duration: {},
    prepare: () => {
      throw notEmulated('PUT', `on ${type}`);
    },
  };
}
