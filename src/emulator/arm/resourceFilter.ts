import { ArmError } from './model.ts';
import type { Resource } from './model.ts';

type Test = (resource: Resource) => boolean;

/**
 * ARM's `$filter` of lists of resources and groups: `x eq 'y'`, `x ne 'y'`, `substringof('y', name)`, joined by `and`. Throws 400
 * for anything else.
 */
export function resourceFilter(filter: string | undefined): Test {
  if (filter === undefined || filter === '') return () => true;
  const terms = filter.split(/\s+and\s+/i).map((term) => termOf(term, filter));
  const tagName = terms.find(({ member, verb }) => member === 'tagname' && verb === 'eq')?.value.toLowerCase();
  return (resource) => terms.every((term) => fits(resource, term, tagName));
}

interface Term {
  member: string;
  verb: 'eq' | 'ne' | 'substringof';
  value: string;
}

const text = "'((?:[^']|'')*)'";
const comparison = new RegExp(String.raw`^\(?\s*(\w+)\s+(eq|ne)\s+${text}\s*\)?$`, 'i');
const part = new RegExp(String.raw`^\(?\s*substringof\(\s*${text}\s*,\s*(\w+)\s*\)\s*\)?$`, 'i');

/** Members, and the verbs beside `eq` that ARM has for them (REST reference: Resources, List). */
const filterable = new Map<string, string[]>([
  ['resourcetype', ['ne']],
  ['name', ['ne', 'substringof']],
  ['location', ['ne']],
  ['resourcegroup', ['ne', 'substringof']],
  ['tagname', []],
  ['tagvalue', []],
]);

function termOf(term: string, filter: string): Term {
  const [, compared, verb, value] = comparison.exec(term.trim()) ?? [];
  const [, piece, within] = part.exec(term.trim()) ?? [];
  const member = (compared ?? within)?.toLowerCase() ?? '';
  const found = {
    member,
    verb: verb?.toLowerCase() ?? 'substringof',
    value: (value ?? piece ?? '').replaceAll("''", "'"),
  };
  if (!['eq', ...(filterable.get(member) ?? [])].includes(found.verb) || !filterable.has(member))
    throw new ArmError(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter}' specified in the query string.`);
  return found as Term;
}

function fits(resource: Resource, { member, verb, value }: Term, tagName: string | undefined): boolean {
  const tags = Object.entries(resource.tags ?? {});
  if (member === 'tagname') return tags.some(([name]) => name.toLowerCase() === tagName);
  if (member === 'tagvalue')
    return tags.some(
      ([name, tagValue]) => tagValue === value && (tagName === undefined || name.toLowerCase() === tagName),
    );
  const has = memberText(resource, member).toLowerCase();
  const wanted = value.toLowerCase();
  if (verb === 'substringof') return has.includes(wanted);
  return (has === wanted) === (verb === 'eq');
}

function memberText(resource: Resource, member: string): string {
  if (member === 'resourcetype') return resource.type;
  if (member === 'name') return resource.name;
  if (member === 'location') return resource.location ?? '';
  return resource.id.split('/')[4] ?? '';
}
