import { groupName } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { tagNames } from '../../domain/groupTags.ts';
import { listLocks } from '../resources/listLocks.ts';
import { tagOf } from '../resources/ownershipSeal.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** A group of the environment's name is ours, and was created for the same spec. */
export function checkGroup({ ref, specHash, groupExists, sealed, groupTags }: PreflightContext): Finding[] {
  if (!groupExists) return [];
  const group = groupName(ref.name);
  if (!sealed) {
    const message = `resource group ${group} exists and was not created by this installation`;
    return [finding('SEAL', 'blocks', message, 'choose another name for the environment')];
  }
  const groupSpec = tagOf(groupTags, tagNames.spec);
  if (groupSpec === undefined || groupSpec === specHash) return [];
  const message = `resource group ${group} was created for another spec`;
  return [
    finding('SPEC', 'blocks', message, 'POST the same spec, choose another name, or delete the environment first'),
  ];
}

/** PF-33: no lock keeps the run from writing or the teardown from deleting. */
export async function checkLocks(context: PreflightContext): Promise<Finding[]> {
  if (!context.groupExists) return [];
  const locks = await listLocks(context, { ref: context.ref });
  return locks.map(({ id, level, scope }) =>
    finding('PF-33', 'blocks', `lock ${id.split('/').at(-1)} (${level}) on ${scope}`, `az lock delete --ids ${id}`),
  );
}
