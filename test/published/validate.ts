import { flag, nodeAt } from './armTypes.ts';
import type { ArmType, Member, Node } from './armTypes.ts';

/** Whether a body is sent to ARM or answered by it: read-only members are not sent, write-only ones not answered. */
export type Direction = 'request' | 'answer';

type Value = unknown;
type Members = Record<string, Value>;

/** Members that the resource's address contains; a request need not repeat them. */
const addressed = new Set(['id', 'name', 'type', 'apiVersion']);

/**
 * What a body has that the published type has not: unknown members, missing required ones, read-only members in a request,
 * write-only members in an answer, wrong kinds of value, lengths, ranges, patterns, and values that an enumeration does not
 * list. An enumeration that admits further texts is taken as if it did not: a value outside of it would be a misspelling.
 * Each violation is a line `path: what`.
 */
export function violations(type: ArmType, body: Value, direction: Direction): string[] {
  const root = type.nodes[0];
  if (root?.$type !== 'ResourceType') throw new RangeError('the first type is not the resource type');
  const found: string[] = [];
  check(nodeAt(type, root.body), body, '');
  return found;

  function report(path: string, what: string): void {
    found.push(`${path === '' ? '(body)' : path}: ${what}`);
  }

  function check(node: Node, value: Value, path: string): void {
    switch (node.$type) {
      case 'AnyType':
        return;
      case 'StringType':
        return checkText(node, value, path);
      case 'IntegerType':
        return checkNumber(node, value, path);
      case 'BooleanType':
        if (typeof value !== 'boolean') report(path, `${show(value)} is not a boolean`);
        return;
      case 'StringLiteralType':
        if (value !== node.value) report(path, `${show(value)} is not '${node.value}'`);
        return;
      case 'UnionType':
        return checkUnion(
          node.elements.map((element) => nodeAt(type, element)),
          value,
          path,
        );
      case 'ArrayType':
        if (!Array.isArray(value)) report(path, `${show(value)} is not a list`);
        else for (const [index, item] of value.entries()) check(nodeAt(type, node.itemType), item, `${path}[${index}]`);
        return;
      case 'ObjectType':
        return checkMembers(
          node.properties,
          node.additionalProperties && nodeAt(type, node.additionalProperties),
          value,
          path,
        );
      case 'DiscriminatedObjectType':
        return checkDiscriminated(node, value, path);
      case 'ResourceType':
        throw new RangeError('a resource type inside of a body');
    }
  }

  function checkText(node: Node & { $type: 'StringType' }, value: Value, path: string): void {
    if (typeof value !== 'string') return report(path, `${show(value)} is not a text`);
    if (value.length < (node.minLength ?? 0)) report(path, `${show(value)} is shorter than ${node.minLength}`);
    if (value.length > (node.maxLength ?? Infinity)) report(path, `${show(value)} is longer than ${node.maxLength}`);
    if (node.pattern !== undefined && !new RegExp(node.pattern).test(value))
      report(path, `${show(value)} does not match ${node.pattern}`);
  }

  function checkNumber(node: Node & { $type: 'IntegerType' }, value: Value, path: string): void {
    if (!Number.isInteger(value)) return report(path, `${show(value)} is not an integer`);
    if (Number(value) < (node.minValue ?? -Infinity)) report(path, `${show(value)} is below ${node.minValue}`);
    if (Number(value) > (node.maxValue ?? Infinity)) report(path, `${show(value)} is above ${node.maxValue}`);
  }

  function checkUnion(elements: Node[], value: Value, path: string): void {
    const literals = elements.filter((element) => element.$type === 'StringLiteralType');
    if (literals.length === 0) {
      // no element fits without a violation: those of the first one are reported
      const outcomes = elements.map((element) => violationsOf(() => check(element, value, path)));
      if (!outcomes.some((lines) => lines.length === 0)) found.push(...(outcomes[0] ?? []));
    } else if (!literals.some((literal) => literal.value === value))
      report(path, `${show(value)} is not one of ${shorten(literals.map((literal) => literal.value).join(', '))}`);
  }

  function violationsOf(run: () => void): string[] {
    const before = found.length;
    run();
    return found.splice(before);
  }

  function checkMembers(known: Record<string, Member>, more: Node | undefined, value: Value, path: string): void {
    if (!isObject(value)) return report(path, `${show(value)} is not an object`);
    for (const [name, member] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`;
      const published = Object.hasOwn(known, name) ? known[name] : undefined;
      if (published) checkMember(published, member, at);
      else if (more) check(more, member, at);
      // the files lost every member of this name when descriptions were dropped from them
      else if (name !== 'description') report(at, 'is not published');
    }
    for (const [name, { flags }] of Object.entries(known))
      if (flags & flag.required && !(name in value) && !isOptional(name, flags, path))
        report(path === '' ? name : `${path}.${name}`, 'is required');
  }

  function checkMember({ type: reference, flags }: Member, value: Value, path: string): void {
    // ARM answers null for what is not set
    if (direction === 'answer' && value === null) return;
    if (direction === 'request' && flags & flag.readOnly && !addressed.has(path)) report(path, 'is read-only');
    else if (direction === 'answer' && flags & flag.writeOnly) report(path, 'is write-only');
    else check(nodeAt(type, reference), value, path);
  }

  function isOptional(name: string, flags: number, path: string): boolean {
    if (path === '' && addressed.has(name)) return direction === 'request' || name === 'apiVersion';
    return direction === 'request' ? Boolean(flags & flag.readOnly) : Boolean(flags & flag.writeOnly);
  }

  function checkDiscriminated(node: Node & { $type: 'DiscriminatedObjectType' }, value: Value, path: string): void {
    if (!isObject(value)) return report(path, `${show(value)} is not an object`);
    const kind = value[node.discriminator];
    const element = typeof kind === 'string' ? node.elements[kind] : undefined;
    const at = `${path}.${node.discriminator}`;
    if (!element) return report(at, `${show(kind)} is not one of ${Object.keys(node.elements).join(', ')}`);
    const chosen = nodeAt(type, element);
    if (chosen.$type !== 'ObjectType') throw new RangeError(`${at}: the element is not an object type`);
    checkMembers({ ...node.baseProperties, ...chosen.properties }, undefined, value, path);
  }
}

const isObject = (value: Value): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

const show = (value: Value): string => shorten(JSON.stringify(value) ?? 'nothing');
