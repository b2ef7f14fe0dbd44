import { defineRule } from '../rule.ts';
import { policyFindings, unknownPolicies } from './policyFindings.ts';

/** PF-34: Azure's policies allow everything that the run will send. */
export const policies = defineRule({
  id: 'POLICY',
  title:
    'No policy denies what the run will send: private DNS zones, private endpoints, public addresses, tags, regions and all else (PF-34)',
  reads: ['policies'],
  severities: ['blocks', 'warns', 'unknown'],
  source: 'REST reference: PolicyInsights, checkPolicyRestrictions; Azure docs: policy effects and exemptions',
  check: ({ policies: answers }) => [...policyFindings(answers.hits, answers), ...unknownPolicies(answers.refused)],
});
