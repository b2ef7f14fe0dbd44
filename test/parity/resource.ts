import { includes, reference } from './operation.ts';
import type { Expected, Fact, Operation } from './operation.ts';

type Action = Pick<Operation, 'name' | 'expected'> & Partial<Pick<Operation, 'type' | 'method' | 'body' | 'path'>>;

/** The operations that every type has. A type that refuses one says so with the refusal. */
export interface ResourceRows {
  type: string;
  /** path of the resource */
  id: string;
  version: string;
  /** page of the REST reference of the type's operations */
  page: string;
  body?: unknown;
  /** members of the resource in the reply to a GET */
  facts?: { readonly [member: string]: Fact };
  create: Expected;
  /** the same PUT on what exists */
  update: Expected;
  /** paths of lists that have it; default: the collection that it is in */
  lists?: readonly string[];
  /** a GET of the resource, where that is no resource that can be read */
  get?: Expected;
  list?: Expected;
  patch?: { body?: unknown; expected: Expected };
  /** further operations, in this order: actions, children */
  more?: readonly (Action | Operation[])[];
  delete: Expected;
  /** where a DELETE leaves the resource as it is, what is missing cannot be deleted either */
  deleteAgain?: Expected;
}

const collectionOf = (id: string): string => id.slice(0, id.lastIndexOf('/'));

/** The reply to what is not there. */
const missing: Expected = { status: 404, body: { error: { code: 'ResourceNotFound', message: String } } };

/** Refusals that the emulator makes where Azure has the operation. */
export const notEmulated: Expected = { status: 501, body: { error: { code: 'NotEmulated', message: String } } };

export const readOnly: Expected = { status: 405, body: { error: { code: 'MethodNotAllowed', message: String } } };

/** The rows of one type, from its creation to its deletion. */
export function resource(rows: ResourceRows): Operation[] {
  const { type, id, version, page, body = {}, facts = {} } = rows;
  const common = { type, version, source: reference(page) };
  const one = (
    name: string,
    method: Operation['method'],
    path: string,
    expected: Expected,
    sent?: unknown,
  ): Operation => ({ ...common, name, method, path, expected, ...(sent === undefined ? {} : { body: sent }) });
  const shown = { id, name: id.slice(id.lastIndexOf('/') + 1), type, ...facts };
  const lists = rows.lists ?? [collectionOf(id)];
  const listed: Expected = rows.list ?? { status: 200, body: { value: includes({ id }) } };
  const created = rows.create.status < 300;
  const readable = rows.get === undefined;
  return [
    ...(readable && created ? [one('get what is missing', 'GET', id, missing)] : []),
    one('create', 'PUT', id, rows.create, body),
    one('update', 'PUT', id, rows.update, body),
    one('get', 'GET', id, rows.get ?? { status: 200, body: shown }),
    ...lists.map((path) =>
      one(path.startsWith('{subscription}/prov') ? 'list in the subscription' : 'list', 'GET', path, listed),
    ),
    ...(rows.patch
      ? [one('patch', 'PATCH', id, rows.patch.expected, rows.patch.body ?? { tags: { team: 'parity' } })]
      : []),
    ...(rows.more ?? []).flatMap((more) =>
      Array.isArray(more) ? more : [{ ...common, method: 'POST' as const, path: `${id}/${more.name}`, ...more }],
    ),
    one('delete', 'DELETE', id, rows.delete),
    ...(created && rows.delete.status < 300
      ? [one('delete what is missing', 'DELETE', id, rows.deleteAgain ?? { status: 204, body: '' })]
      : []),
  ];
}

/** Shortens the rows of a route below a subscription. */
export const route = (
  type: string,
  name: string,
  method: 'GET' | 'POST',
  path: string,
  version: string,
  page: string,
  expected: Expected,
  body?: unknown,
): Operation => ({
  type,
  name,
  method,
  path,
  version,
  source: reference(page),
  expected,
  ...(body === undefined ? {} : { body }),
});
