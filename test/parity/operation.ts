/**
 * The operations that the emulator answers, as data: `parity.test.ts` sends each one and checks its reply, and renders
 * `docs/emulator-parity.md` from the same rows. So the page can name nothing that is not tested.
 */

/**
 * What a reply's JSON must hold. Members that are not named may be anything. A RegExp is matched by a text; `Number`, `String`,
 * `Boolean`, `Array` and `Object` by any value of that kind; `absent` by a member that is not there.
 */
export type Fact =
  | null
  | boolean
  | number
  | string
  | RegExp
  | typeof absent
  | Includes
  | NumberConstructor
  | StringConstructor
  | BooleanConstructor
  | ArrayConstructor
  | ObjectConstructor
  | readonly Fact[]
  | { readonly [member: string]: Fact };

export const absent = Symbol('absent');

/** A list that has, among others, an element with these members. */
export class Includes {
  readonly element: Fact;
  constructor(element: Fact) {
    this.element = element;
  }
}

export const includes = (element: Fact): Includes => new Includes(element);

export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The last reply to the polls of an operation. The body `''` is none. */
export interface Outcome {
  status: number;
  body: Fact;
}

export interface Expected {
  status: number;
  headers?: Readonly<Record<string, string | RegExp>>;
  body?: Fact;
  /** the reply has this header if and only if it is named here; the polls of its URL end so */
  asyncOperation?: Outcome;
  location?: Outcome;
}

/**
 * In paths, bodies and facts `{subscription}` and `{group}` are ids, `{sub}` and `{tenant}` GUIDs, `{host}` an origin; in a path, `{listed}` the name of the first resource of the collection.
 */
export interface Operation {
  /** a resource type, or the namespace of a route below a subscription */
  type: string;
  /** `create`, `get`, `listKeys`, … */
  name: string;
  method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  path: string;
  version: string;
  body?: unknown;
  expected: Expected;
  /** the page of Microsoft's REST reference */
  source: string;
}

/** The operations of one provider, in the order in which they are sent to one emulator. */
export interface Table {
  name: string;
  /** shown as one list with a column of types */
  flat?: boolean;
  /** PUTs of what the operations need and other tables show: paths and bodies */
  setUp?: readonly (readonly [path: string, version: string, body: unknown])[];
  /** objects of the control route: keys and values */
  objects?: Readonly<Record<string, unknown>>;
  operations: readonly Operation[];
}

/** A page of the REST reference. */
export const reference = (page: string): string => `https://learn.microsoft.com/rest/api/${page}`;
