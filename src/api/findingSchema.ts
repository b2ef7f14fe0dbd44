import { severities } from '../domain/preflightReport.ts';
import type { Finding as DomainFinding } from '../domain/preflightReport.ts';
import { named, oneOf, strictObject, text } from './schemaHelpers.ts';

/** A finding of the preflight, as receipts have it. */
export const Finding = named<DomainFinding>()(
  'Finding',
  strictObject(
    {
      rule: text('id of the rule in docs/preflight.md, e.g. `PF-41`'),
      severity: oneOf([...severities], {
        description: '`unknown` could not be read; `assumed` is what no API of Azure reports',
      }),
      message: text('what was observed'),
      remedy: text('what to do about it; empty where nothing need be done'),
      source: text('the document that the rule comes from'),
    },
    { description: 'A finding of the checks before anything is created.' },
  ),
);
