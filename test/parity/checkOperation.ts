import { expect } from 'vitest';
import { send } from '../emulator/armHarness.ts';
import type { Arm, Reply } from '../emulator/armHarness.ts';
import { absent, Includes } from './operation.ts';
import type { Expected, Fact, Operation, Outcome, Table } from './operation.ts';

const group = 'parity';

/** Replaces the placeholders in every text of a value. */
function placed<T>(arm: Arm, value: T): T {
  const places: Record<string, string> = {
    subscription: arm.subscription,
    group: arm.group(group),
    sub: arm.subscriptionId,
    tenant: arm.emulator.tenantId,
    host: arm.emulator.url,
  };
  const text = (one: string): string => one.replaceAll(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return text(one);
    if (Array.isArray(one)) return one.map(walk);
    if (one instanceof Includes) return new Includes(walk(one.element) as Fact);
    if (typeof one !== 'object' || one === null || one instanceof RegExp) return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value) as T;
}

/** Fails unless `value` holds what the fact says; `path` names the member. */
function holds(path: string, value: unknown, fact: Fact): void {
  if (fact === absent) return expect(value, `${path} is absent`).toBeUndefined();
  if (fact instanceof Includes) {
    const elements = Array.isArray(value) ? (value as unknown[]) : [];
    return expect(
      elements.some((element) => fits(element, fact.element)),
      `${path} includes ${JSON.stringify(fact.element)}: ${JSON.stringify(value)}`,
    ).toBe(true);
  }
  if (fact instanceof RegExp) return expect(value, path).toMatch(fact);
  if (typeof fact === 'function') return expect(value, path).toEqual(expect.any(fact));
  if (typeof fact !== 'object' || fact === null) return expect(value, path).toBe(fact);
  if (Array.isArray(fact)) expect(value, path).toHaveLength(fact.length);
  else expect(value, path).toEqual(expect.any(Object));
  for (const [name, member] of Object.entries(fact))
    holds(`${path}.${name}`, (value as Record<string, unknown>)[name], member as Fact);
}

function fits(value: unknown, fact: Fact): boolean {
  try {
    holds('', value, fact);
    return true;
  } catch {
    return false;
  }
}

function checkBody(where: string, reply: Reply, body: Fact | undefined): void {
  if (body === '') expect(reply.text, `${where} has no body`).toBe('');
  else if (body !== undefined) holds(where, reply.body, body);
}

const running = (reply: Reply): boolean =>
  reply.status === 202 ||
  [
    'InProgress',
    'Updating',
    'Creating',
    'Deleting',
    'NotStarted',
    'Running',
    'Accepted',
    'ResolvingDNS',
    'RegisteringDns',
  ].includes(stateOf(reply));

/** An operation's state, or that of the resource which is polled in its place. */
const stateOf = ({ body }: Reply): string => body?.status ?? body?.properties?.provisioningState ?? '';

/** Polls the URL of a header to the end of the operation. */
async function checkOutcome(arm: Arm, header: string, reply: Reply, outcome: Outcome | undefined): Promise<void> {
  const url = reply.headers[header];
  if (outcome === undefined) return expect(url, `header ${header}`).toBeUndefined();
  expect(url, `header ${header}`).toMatch(/^https:\/\//);
  const { pathname, search } = new URL(url ?? '');
  for (;;) {
    const polled = await send(arm.emulator, 'GET', pathname + search);
    if (running(polled)) continue;
    expect(polled.status, `status at the end of ${header}`).toBe(outcome.status);
    return checkBody(`body at the end of ${header}`, polled, outcome.body);
  }
}

/** Puts the name of the first resource of the collection in the place of `{listed}`: Azure makes some names. */
async function withListedName(arm: Arm, operation: Operation): Promise<Operation> {
  if (!operation.path.includes('{listed}')) return operation;
  const [collection = ''] = operation.path.split('/{listed}');
  const { body } = await request(arm, { ...operation, method: 'GET', path: collection, body: undefined });
  return { ...operation, path: operation.path.replace('{listed}', String(body?.value?.[0]?.name)) };
}

const request = (arm: Arm, { method, path, version, body }: Operation): Promise<Reply> =>
  send(arm.emulator, method, `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`, { body });

/** Sends one operation, follows it to its end, and checks everything that the row says of the replies. */
export async function checkOperation(arm: Arm, row: Operation): Promise<void> {
  const operation = await withListedName(arm, placed(arm, row));
  const expected: Expected = operation.expected;
  const reply = await request(arm, operation);
  expect(reply.status, `${operation.method} ${operation.path}: ${reply.text}`).toBe(expected.status);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    if (typeof value === 'string') expect(reply.headers[name], `header ${name}`).toBe(value);
    else expect(reply.headers[name], `header ${name}`).toMatch(value);
  checkBody('body', reply, expected.body);
  await checkOutcome(arm, 'azure-asyncoperation', reply, expected.asyncOperation);
  if (expected.headers?.['location'] === undefined) await checkOutcome(arm, 'location', reply, expected.location);
  if (operation.method !== 'GET' && operation.method !== 'POST' && reply.status < 300)
    await arm.untilSettled(operation.path);
}

/** Creates the group of the table, and what its operations need. */
export async function setUp(arm: Arm, table: Table): Promise<void> {
  await arm.control('PUT', 'throttling', { enabled: false });
  await arm.put(arm.group(group), { location: 'westus2' });
  for (const [key, value] of Object.entries(placed(arm, table.objects ?? {})))
    await arm.control('PUT', `objects/${key.split('/').map(encodeURIComponent).join('/')}`, { value });
  for (const step of table.setUp ?? []) {
    const [path, version, body] = placed(arm, step);
    const reply = await send(arm.emulator, 'PUT', `${path}?api-version=${version}`, { body });
    expect(reply.status, `PUT ${path}: ${reply.text}`).toBeLessThan(300);
    await arm.untilSettled(path);
  }
}
