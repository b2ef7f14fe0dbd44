import { groupName } from '../../../domain/naming.ts';
import { maximumTags, readTags, tagNames } from '../../../domain/groupTags.ts';
import { usesOf } from '../../../domain/usesTags.ts';
import { removeTags, surplusTags } from '../../resources/writeTags.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation } from '../rule.ts';

/** A group of the environment's name is this installation's. */
export const groupIsSealed = defineRule({
  id: 'SEAL',
  title: 'An existing resource group of that name was created by this installation, or has no seal and is adopted',
  reads: [],
  severities: ['blocks'],
  source: 'ARCHITECTURE.md: the seal',
  check({ environment: { ref, spec, groupExists, sealed, adoption } }) {
    if (!groupExists || sealed || adoption) return [];
    const group = groupName(ref);
    const message = `resource group ${group} exists and was not created by this installation`;
    if (spec.adopt) return [sealedByOthers(group)];
    return [observation('blocks', message, 'POST the environment with another "name"')];
  },
});

/** A group with a seal is another installation's, or another environment's of this one. */
const sealedByOthers = (group: string): Observation =>
  observation(
    'blocks',
    `resource group ${group} has a seal of another installation or environment: it cannot be adopted`,
    `DELETE the environment there, or, if that no longer exists, remove the tag ${tagNames.seal} from the group`,
  );

/** The environment of a sealed group has the same spec. */
export const groupHasSpec = defineRule({
  id: 'SPEC',
  title: 'An existing resource group was created for the same spec',
  reads: [],
  severities: ['blocks'],
  source: 'ARCHITECTURE.md: the tags of the resource group',
  check({ environment: { ref, specHash, sealed, groupTags } }) {
    const groupSpec = sealed ? readTags(groupTags).spec : null;
    if (groupSpec === null || groupSpec === specHash) return [];
    return [
      observation(
        'blocks',
        `resource group ${groupName(ref)} was created for another spec`,
        'POST the earlier spec, POST with another "name", or DELETE the environment first',
      ),
    ];
  },
});

/** Azure's limit of tags on a group: the environment's must fit before anything is created. */
export const tagLimit = defineRule({
  id: 'TAGS',
  title: 'The tags of Moat fit on the resource group',
  reads: [],
  severities: ['blocks'],
  source: 'Azure docs: resource limits (50 tags)',
  check({ environment: { ref, groupTags } }) {
    const always = { environment: '', owner: '', expiresAt: '', markedAt: '', protected: '', spec: '', state: '' };
    const own = { ...always, uses: usesOf(ref) };
    const surplus = surplusTags(groupTags, own);
    if (surplus <= 0) return [];
    const message = `resource group ${groupName(ref)} has ${Object.keys(groupTags).length} tags; with Moat's it would have ${surplus} more than the ${maximumTags} that Azure allows`;
    return [observation('blocks', message, removeTags(ref, surplus))];
  },
});

/** PF-33: no lock on the subscription or group prevents the run from writing or the teardown from deleting. */
export const noLocks = defineRule({
  id: 'PF-33',
  title: 'No lock on the subscription, the resource group or a resource in it',
  reads: ['locks'],
  severities: ['blocks'],
  source: 'Azure docs: lock your resources; managed virtual network (scope locks)',
  check: ({ locks }) =>
    locks.map(({ id, level, scope }) =>
      observation('blocks', `lock ${id.split('/').at(-1)} (${level}) on ${scope}`, `az lock delete --ids ${id}`),
    ),
});
