import { groupName } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { tagNames } from '../../domain/groupTags.ts';
import { listLocks } from '../resources/listLocks.ts';
import { tagOf } from '../resources/ownershipSeal.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** An existing group of the environment's name must be sealed and have been created for the same spec. */
export function checkGroup({ ref, specHash, groupExists, sealed, groupTags }: PreflightContext): Finding[] {
  if (!groupExists) return [];
  const group = groupName(ref.name);
  if (!sealed) {
    const message = `resource group ${group} exists and was not created by this installation`;
    return [finding('SEAL', 'blocks', message, 'POST the environment with another "name"')];
  }
  const groupSpec = tagOf(groupTags, tagNames.spec);
  if (groupSpec === undefined || groupSpec === specHash) return [];
  const message = `resource group ${group} was created for another spec`;
  return [
    finding(
      'SPEC',
      'blocks',
      message,
      'POST the earlier spec, POST with another "name", or DELETE the environment first',
    ),
  ];
}

/** PF-33: no lock on the subscription or group prevents the run from writing or the teardown from deleting. */
export async function checkLocks(context: PreflightContext): Promise<Finding[]> {
  const locks = await listLocks(context, { ref: context.ref });
  return locks.map(({ id, level, scope }) =>
    finding('PF-33', 'blocks', `lock ${id.split('/').at(-1)} (${level}) on ${scope}`, `az lock delete --ids ${id}`),
  );
}
