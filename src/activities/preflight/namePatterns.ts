import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { nameRules } from '../../domain/nameRules.ts';
import type { NameRule } from '../../domain/nameRules.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { catalogueRows, hasNamePrefix, resourcesOf, subnetName } from '../../domain/resources.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

interface Named {
  title: string;
  name: string;
  rule: NameRule;
}

/** Every name that follows from the spec, with its rule. */
const namesOf = (ref: EnvironmentRef): Named[] => [
  { title: 'resource group', name: groupName(ref.name), rule: nameRules.resourceGroup },
  { title: 'subnet', name: subnetName, rule: nameRules.network },
  ...catalogueRows.flatMap(([key, row]) =>
    hasNamePrefix(row)
      ? []
      : resourcesOf(ref, key).map(({ title, name }) => ({ title, name: name.split('/').at(-1)!, rule: row.nameRule })),
  ),
];

/** PF-40: every name that follows from the spec is one that Azure accepts. */
export function checkNamePatterns({ ref }: Pick<PreflightContext, 'ref'>): Finding[] {
  return namesOf(ref)
    .filter(({ name, rule }) => !rule.pattern.test(name))
    .map(({ title, name, rule }) =>
      finding(
        'PF-40',
        'blocks',
        `invalid name of the ${title}: ${name} (allowed: ${rule.text})`,
        'choose a suffix of 3-10 lower-case letters and digits',
      ),
    );
}
