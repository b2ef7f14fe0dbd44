/** What a member of a request body may be. */
export type Shape =
  | { kind: 'text' | 'integer' | 'number' | 'boolean' | 'any' }
  | { kind: 'reference' }
  | { kind: 'enum'; values: readonly string[]; spelled: ReadonlyMap<string, string> }
  | { kind: 'list'; of: Shape }
  | { kind: 'map'; of: Shape }
  | ObjectShape
  | { kind: 'choice'; by: string; kinds: ReadonlyMap<string, ObjectShape> };

interface Member {
  /** as Azure spells it */
  name: string;
  shape: Shape;
  /** taken and dropped: a client may send back what it has read */
  readOnly: boolean;
}

export interface ObjectShape {
  kind: 'object';
  /** by name in lower case: Azure's services read names without regard to case */
  members: ReadonlyMap<string, Member>;
  required: readonly string[];
}

const any: Shape = { kind: 'any' };

const words: Record<string, Shape> = {
  '': { kind: 'text' },
  text: { kind: 'text' },
  int: { kind: 'integer' },
  number: { kind: 'number' },
  bool: { kind: 'boolean' },
  any,
  ref: { kind: 'reference' },
};

/** How values of an enumeration are compared: `SystemAssigned, UserAssigned` is written with and without the space. */
export const enumKey = (value: string): string => value.replaceAll(' ', '').toLowerCase();

/** One of these texts, in any case. */
const oneOf = (...values: string[]): Shape => ({
  kind: 'enum',
  values,
  spelled: new Map(
    values.flatMap((value) => [
      [enumKey(value), value],
      [value, value],
    ]),
  ),
});

export const list = (of: Shape): Shape => ({ kind: 'list', of });
export const map = (of: Shape): Shape => ({ kind: 'map', of });

function shapeOf(word: string): Shape {
  if (word.endsWith('[]')) return list(shapeOf(word.slice(0, -2)));
  if (word.endsWith('{}')) return map(shapeOf(word.slice(0, -2)));
  return words[word] ?? oneOf(...word.split('|'));
}

/**
 * An object. `simple` is its members without members of their own, separated by spaces: `name`, or `name:shape`, with `!` behind a name that
 * is required. A shape is `text` (default), `int`, `number`, `bool`, `any`, `ref` (another resource: only its id is kept) or the values of an
 * enumeration, `A|B`; `[]` makes it a list, `{}` a map. The names behind a `-` are read-only.
 */
export function object(simple: string, nested: Record<string, Shape> = {}): ObjectShape {
  const members = new Map<string, Member>();
  const required: string[] = [];
  const add = (label: string, shape: Shape, readOnly: boolean): void => {
    const name = label.replace('!', '');
    if (name !== label) required.push(name);
    members.set(name.toLowerCase(), { name, shape, readOnly });
  };
  const [writable = '', readOnly = ''] = simple.split(/(?:^|\s)-\s/);
  for (const word of writable.split(/\s+/).filter(Boolean)) {
    const [label = '', shape = ''] = word.split(':');
    add(label, shapeOf(shape), false);
  }
  for (const name of readOnly.split(/\s+/).filter(Boolean)) add(name, any, true);
  for (const [label, shape] of Object.entries(nested)) add(label, shape, false);
  return { kind: 'object', members, required };
}

/** An object whose other members depend on the value of the member `by`; all kinds have the members of `base`. */
export function choice(by: string, base: ObjectShape, kinds: Record<string, ObjectShape>): Shape {
  const complete = ([kind, own]: [string, ObjectShape]): [string, ObjectShape] => {
    const parts = [base, object(`${by}!:${kind}`), own];
    const members = new Map(parts.flatMap((part) => [...part.members]));
    return [kind.toLowerCase(), { kind: 'object', members, required: parts.flatMap(({ required }) => required) }];
  };
  return { kind: 'choice', by, kinds: new Map(Object.entries(kinds).map(complete)) };
}

/** The identity of a resource. */
export const identity = object('- principalId tenantId', {
  type: oneOf('None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'),
  userAssignedIdentities: map(object('- clientId principalId')),
});

export const extendedLocation = object('name type:EdgeZone');
