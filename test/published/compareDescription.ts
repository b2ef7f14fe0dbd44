import { enumKey } from '../../src/emulator/schema/shapes.ts';
import type { ObjectShape, Shape } from '../../src/emulator/schema/shapes.ts';
import { flag, nodeAt } from './armTypes.ts';
import type { ArmType, Member, Node } from './armTypes.ts';

/** ARM's own members of every resource: a description has them where the type does something with them. */
const envelope = new Set(['id', 'name', 'type', 'apiVersion']);

/**
 * How a description of the emulator differs from the published type: members that it lacks, another kind of value, other values of an
 * enumeration, read-only members that it would store. Each difference is a line `path: what`. What it has besides is not reported: it is of
 * older versions. Of a version that is not the `newest`, values that came later are no difference, nor is what could not be written then.
 */
export function differences(type: ArmType, described: ObjectShape, newest = true): string[] {
  const found: string[] = [];
  const root = type.nodes[0];
  if (root?.$type !== 'ResourceType') throw new RangeError('the first type is not the resource type');
  compare(nodeAt(type, root.body), described, '');
  return found;

  function report(path: string, what: string): void {
    found.push(`${path}: ${what}`);
  }

  function compare(node: Node, shape: Shape, path: string): void {
    // of another resource only the id is read
    if (shape.kind === 'reference' && node.$type === 'ObjectType') return;
    switch (node.$type) {
      case 'AnyType':
        return;
      case 'StringType':
        return expectKind(shape, path, 'text');
      case 'IntegerType':
        // the files do not distinguish integers from other numbers
        return shape.kind === 'number' ? undefined : expectKind(shape, path, 'integer');
      case 'BooleanType':
        return expectKind(shape, path, 'boolean');
      case 'StringLiteralType':
        return compareValues([node], shape, path);
      case 'UnionType':
        return compareValues(
          node.elements.map((element) => nodeAt(type, element)),
          shape,
          path,
        );
      case 'ArrayType':
        if (shape.kind === 'list') compare(nodeAt(type, node.itemType), shape.of, `${path}[]`);
        else report(path, `is a list, not ${shape.kind}`);
        return;
      case 'ObjectType':
        return compareObject(node, shape, path);
      case 'DiscriminatedObjectType':
        return compareChoice(node, shape, path);
      case 'ResourceType':
        throw new RangeError('a resource type inside of a body');
    }
  }

  function expectKind(shape: Shape, path: string, kind: Shape['kind']): void {
    if (shape.kind !== kind) report(path, `is ${kind}, not ${shape.kind}`);
  }

  function compareValues(elements: Node[], shape: Shape, path: string): void {
    const values = elements.flatMap((element) => (element.$type === 'StringLiteralType' ? [element.value] : []));
    if (values.length === 0) return compare(elements[0]!, shape, path);
    if (shape.kind !== 'enum') return report(path, `has values, here it is ${shape.kind}`);
    const [published, here] = [new Set(values.map(enumKey)), new Set(shape.values.map(enumKey))];
    const other = newest ? published.symmetricDifference(here) : published.difference(here);
    if (other.size > 0) report(path, `has other values: ${[...other].join(', ')}`);
  }

  function compareObject(node: Node & { $type: 'ObjectType' }, shape: Shape, path: string): void {
    const entries = Object.entries(node.properties);
    if (entries.length === 0 && node.additionalProperties) {
      if (shape.kind === 'map') compare(nodeAt(type, node.additionalProperties), shape.of, `${path}{}`);
      else report(path, `is a map, not ${shape.kind}`);
    } else if (entries.length > 0) {
      if (shape.kind === 'object') compareMembers(node.properties, shape, path);
      else report(path, `is an object, not ${shape.kind}`);
    }
  }

  function compareMembers(published: Record<string, Member>, { members }: ObjectShape, path: string): void {
    for (const [name, { flags, type: reference }] of Object.entries(published)) {
      const at = path === '' ? name : `${path}.${name}`;
      const member = members.get(name.toLowerCase());
      if (path === '' && envelope.has(name)) continue;
      if (!member) report(at, 'is missing');
      else if (member.name !== name) report(at, `is spelled ${member.name}`);
      else if (flags & flag.readOnly) {
        if (!member.readOnly && newest) report(at, 'is read-only');
      } else if (member.readOnly) report(at, 'is not read-only');
      else compare(nodeAt(type, reference), member.shape, at);
    }
  }

  function compareChoice(node: Node & { $type: 'DiscriminatedObjectType' }, shape: Shape, path: string): void {
    if (shape.kind !== 'choice') return report(path, `is a choice, not ${shape.kind}`);
    for (const [kind, reference] of Object.entries(node.elements)) {
      const chosen = shape.kinds.get(kind.toLowerCase());
      const element = nodeAt(type, reference);
      if (!chosen || element.$type !== 'ObjectType') report(`${path}<${kind}>`, 'is missing');
      else compareMembers({ ...node.baseProperties, ...element.properties }, chosen, `${path}<${kind}>`);
    }
  }
}
