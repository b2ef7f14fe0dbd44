import { groupId, groupName } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflight.ts';
import { tagNames } from '../../domain/groupTags.ts';
import { tagOf } from '../resources/ownershipSeal.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** A group of the environment's name is ours, and was made for the same spec. */
export function checkGroup({ site, specHash, groupExists, sealed, groupTags }: PreflightContext): Finding[] {
  if (!groupExists) return [];
  const group = groupName(site.name);
  if (!sealed) {
    const message = `resource group ${group} exists and was not made by this installation`;
    return [finding('SEAL', 'blocks', message, 'choose another name for the environment')];
  }
  const madeFor = tagOf(groupTags, tagNames.spec);
  if (madeFor === undefined || madeFor === specHash) return [];
  const message = `resource group ${group} was made for another spec`;
  return [
    finding('SPEC', 'blocks', message, 'ask for the same spec, choose another name, or delete the environment first'),
  ];
}

interface Lock {
  id?: string;
  name?: string;
  properties?: { level?: string };
}

/** PF-33: no lock keeps the run from writing or the teardown from deleting. */
export async function checkLocks({ azure, site, groupExists }: PreflightContext): Promise<Finding[]> {
  if (!groupExists) return [];
  const path = `${groupId(site)}/providers/Microsoft.Authorization/locks`;
  const locks = (await azure.generic.list(path, '2016-09-01')) as Lock[];
  return locks.map(({ id, name, properties }) =>
    finding(
      'PF-33',
      'blocks',
      `lock ${name} (${properties?.level}) is on ${groupName(site.name)}`,
      `az lock delete --ids ${id}`,
    ),
  );
}
