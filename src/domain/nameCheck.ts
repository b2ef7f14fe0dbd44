import { groupName } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { nameRules } from './nameRules.ts';
import type { NameRule } from './nameRules.ts';
import { catalogueRows, hasNamePrefix, resourcesOf, subnetName } from './resources.ts';

interface DerivedName {
  title: string;
  name: string;
  rule: NameRule;
}

/** A derived name that Azure refuses, and the member of the spec that causes it. */
export interface NameError {
  member: 'name' | 'suffix';
  /** a sentence that begins with "must" */
  message: string;
}

type Ref = Pick<EnvironmentRef, 'name' | 'suffix' | 'group'>;

/** Every name that is derived from the spec, with its rule. */
const derivedNames = (ref: Ref): DerivedName[] => [
  { title: 'resource group', name: groupName(ref), rule: nameRules.resourceGroup },
  { title: 'subnet', name: subnetName, rule: nameRules.network },
  ...catalogueRows.flatMap(([key, row]) =>
    hasNamePrefix(row)
      ? []
      : resourcesOf({ ...ref, subscriptionId: '' }, key).map(({ title, name }) => ({
          title,
          name: name.split('/').at(-1)!,
          rule: row.nameRule,
        })),
  ),
];

/**
 * The reserved word in a resource's name, in capitals. Azure refuses LOGIN at the start only, the others anywhere (Azure docs: reserved
 * resource names; XBOX also inside a name: MicrosoftDocs/azure-docs#104539).
 */
export const reservedWordIn = (name: string): string | undefined =>
  /microsoft|windows|xbox|^login/i.exec(name)?.[0].toUpperCase();

/** The member that a word of a derived name comes from; undefined for a fixed name like privatelink.blob.core.windows.net. */
const memberOf = (ref: Ref, word: string): 'name' | 'suffix' | undefined =>
  (['name', 'suffix'] as const).find((member) => ref[member].toUpperCase().includes(word));

/** The errors in the names that follow from `name` and `suffix`: PF-40 and reserved words. At most one for each member and reason. */
export function nameErrors(ref: Ref): NameError[] {
  const errors = derivedNames(ref).flatMap(({ title, name, rule }): [string, NameError][] => {
    const word = reservedWordIn(name);
    const member = word && memberOf(ref, word);
    if (word && member) {
      const where = word === 'LOGIN' ? 'begin with' : 'contain';
      const message = `must not ${where} the reserved word ${word}: Azure refuses it in a name (${title} ${name})`;
      return [[`${member} ${word}`, { member, message }]];
    }
    if (rule.pattern.test(name)) return [];
    const message = `must give the ${title} a valid name: ${name} (allowed: ${rule.text})`;
    return [[`suffix ${title}`, { member: 'suffix', message }]];
  });
  return [...new Map(errors.toReversed()).values()].toReversed();
}
