import { nameErrors } from '../../../domain/nameCheck.ts';
import { defineRule, observation } from '../rule.ts';

/** PF-40: every name that is derived from the spec matches Azure's rule and has no reserved word. The POST checks the same. */
export const namePatterns = defineRule({
  id: 'PF-40',
  title: "Every name matches Azure's rules for it and has no reserved word",
  reads: [],
  severities: ['blocks'],
  source: 'Azure docs: naming rules and restrictions; reserved resource names',
  check: ({ environment: { ref } }) =>
    nameErrors(ref).map(({ member, message }) =>
      observation('blocks', `"${member}" ${message}`, `POST with another "${member}"`),
    ),
});
