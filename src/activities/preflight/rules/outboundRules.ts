import type { EnvironmentRef } from '../../../domain/naming.ts';
import { isBrought } from '../../../domain/broughtResources.ts';
import { hasManagedNetwork } from '../../../domain/managedNetwork.ts';
import { outboundRuleErrors } from '../../../domain/outboundRuleErrors.ts';
import { plannedResource } from '../../../domain/resources.ts';
import type { ResourceKey } from '../../../domain/resourceKeys.ts';
import { defineRule, observation } from '../rule.ts';

/** What the managed network connects to by itself. */
const systemTargets: [key: ResourceKey, subresources: string[]][] = [
  ['storageAccount', ['blob', 'file']],
  ['vault', ['vault']],
  ['registry', ['registry']],
  ['workspace', ['amlworkspace']],
];

const systemDestinations = (ref: EnvironmentRef): string[] =>
  systemTargets.flatMap(([key, subresources]) =>
    subresources.map((one) => `${plannedResource(ref, key).id} ${one}`.toLowerCase()),
  );

export const ruleForms = defineRule({
  id: 'RULE-FORMS',
  title: 'Outbound rules have forms that Azure accepts',
  reads: [],
  severities: ['blocks'],
  source: 'Azure docs: managed virtual network (outbound rules)',
  check: ({ environment: { ref, spec } }) =>
    outboundRuleErrors(spec, systemDestinations(ref)).map((message) =>
      observation('blocks', message, 'POST with other "outboundRules"'),
    ),
});

export const ruleTargets = defineRule({
  id: 'RULE-TARGETS',
  title: 'The targets of outbound rules exist',
  reads: ['missingTargets'],
  severities: ['blocks'],
  source: 'Azure docs: managed virtual network (private endpoints)',
  check: ({ missingTargets, environment: { spec } }) =>
    hasManagedNetwork(spec)
      ? missingTargets.map((id) =>
          observation(
            'blocks',
            `the target of an outbound rule does not exist: ${id}`,
            'POST with other "outboundRules"',
          ),
        )
      : [],
});

export const ownWorkspace = defineRule({
  id: 'NETWORK-OWNER',
  title: 'A managed virtual network belongs to a workspace that Moat creates',
  reads: [],
  severities: ['blocks'],
  source: 'Moat: an existing workspace is used, and never written',
  check: ({ environment: { ref, spec } }) =>
    hasManagedNetwork(spec) && isBrought(ref, { key: 'workspace' })
      ? [
          observation(
            'blocks',
            '"isolation": "managedNetwork" changes the network of the workspace, which exists already and is not written',
            'POST without "existing.workspace", or without "isolation"',
          ),
        ]
      : [],
});
