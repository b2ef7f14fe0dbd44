import { isolationOf } from '../../../domain/isolationSpec.ts';
import { variantRules as combinations } from '../../../domain/variantRules.ts';
import { defineRule, observation } from '../rule.ts';
import type { Rule } from '../rule.ts';

/** What values of a spec exclude each other, and what they open. */
export const variantRules: readonly Rule[] = combinations.map(
  ({ id, title, severity, source, applies, message, remedy }) =>
    defineRule({
      id,
      title,
      reads: [],
      severities: [severity],
      source,
      check: ({ environment: { spec } }) =>
        applies({ ...spec, ...isolationOf(spec) }) ? [observation(severity, message, remedy)] : [],
    }),
);
