/** What a body has that its type does not admit. */
export interface Fault {
  kind: 'unknown' | 'type' | 'value' | 'missing';
  /** e.g. `properties.subnets[0].properties` */
  path: string;
  /** the last name of the path */
  member: string;
  /** in the words of the JSON reader of Azure's services (Newtonsoft.Json) */
  message: string;
}

/** Thrown for the first fault of a body. */
export class BodyFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Where a value is. Texts are made of it only for a fault. */
export interface Place {
  above: Place | undefined;
  /** the name of a member, the index in a list; of the body itself the name of its class */
  key: string | number;
}

function pathOf({ above, key }: Place): string {
  if (above === undefined) return '';
  const before = pathOf(above);
  if (typeof key === 'number') return `${before}[${key}]`;
  return before === '' ? key : `${before}.${key}`;
}

/**
 * The name of a value's class, as far as the member's name shows it: a member is of a class of its own name, what is in a list of the
 * singular, `properties` of a Subnet are SubnetProperties.
 */
export function classAt({ above, key }: Place): string {
  if (above === undefined) return `${key}`;
  if (typeof key === 'number')
    return classAt(above)
      .replace(/ies$/, 'y')
      .replace(/(?<!s)s$/, '');
  if (key.toLowerCase() === 'properties') return `${classAt(above)}Properties`;
  return `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
}

/** @throws BodyFault always */
export function refuse(kind: Fault['kind'], place: Place, message: string): never {
  const path = pathOf(place);
  throw new BodyFault({
    kind,
    path,
    member: path.slice(path.lastIndexOf('.') + 1),
    message: `${message} Path '${path}'.`,
  });
}
