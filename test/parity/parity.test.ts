import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscriptionRoutes, typeRegistry } from '../../src/emulator/providers/typeRegistry.ts';
import { Arm } from '../emulator/armHarness.ts';
import { checkOperation, setUp } from './checkOperation.ts';
import { clientsSection } from './clients.ts';
import type { ClientResults } from './clients.ts';
import type { Operation } from './operation.ts';
import { parityPage } from './page.ts';
import { tables } from './tables/all.ts';

describe.each(tables)('$name', (table) => {
  const arm = new Arm({ timeScale: 1 / 20_000 });
  beforeAll(async () => {
    await arm.start();
    await setUp(arm, table);
  });
  afterAll(() => arm.stop());

  test.each(table.operations.map((operation) => [`${operation.type}: ${operation.name}`, operation] as const))(
    '%s',
    (_, operation) => checkOperation(arm, operation),
  );
});

const operations = tables.flatMap((table) => table.operations);

/** A path as a pattern of the registry's: `{location}` stands for one segment. */
const matches = (pattern: string, { path, method }: Operation, wanted: string): boolean =>
  method === wanted &&
  new RegExp(`^\\{subscription\\}${pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`, 'i').test(
    path.split('?')[0]!.replace('{group}', '{subscription}/resourceGroups/parity'),
  );

describe('the tables', () => {
  test('have the operations that every type has, and each of its actions', () => {
    const missing = [...typeRegistry.values()].flatMap((type) => {
      const has = (name: string): boolean =>
        operations.some((operation) => operation.type === type.type && operation.name === name);
      // What cannot be created here is only read.
      const refused = operations.some(
        ({ type: of, name, expected }) => of === type.type && name === 'create' && expected.status === 501,
      );
      const patched = type.proxy ? [] : ['patch'];
      const changes = refused ? [] : ['update', 'delete', ...patched];
      const actions = Object.keys(type.actions ?? {});
      const acted = (action: string): boolean =>
        operations.some(
          ({ type: of, path }) => of === type.type && path.split('?')[0]?.toLowerCase().endsWith(`/${action}`),
        );
      return [
        ...['create', 'get', 'list', ...changes].filter((name) => !has(name)),
        ...actions.filter((action) => !acted(action)),
      ].map((name) => `${type.type}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  test('have every route below a subscription', () => {
    const routes = subscriptionRoutes({ subscriptionIds: [], tenantId: '' });
    const missing = routes.filter(({ method, path }) => !operations.some((one) => matches(path, one, method)));
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('name types that the emulator has, and no operation twice', () => {
    const answered = operations.filter(({ expected }) => expected.status !== 501);
    const namespaces = new Set([...typeRegistry.values()].map(({ type }) => type.split('/')[0]));
    expect(
      answered
        .filter(
          ({ type }) =>
            !typeRegistry.has(type.toLowerCase()) && !namespaces.has(type) && type !== 'Microsoft.PolicyInsights',
        )
        .map(({ type }) => type),
    ).toEqual([]);
    const names = operations.map(({ type, name, path }) => `${type}: ${name} ${path}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

const results = new URL('../../docs/client-results.json', import.meta.url);

test('docs/emulator-parity.md shows the tables', async () => {
  const clients = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as ClientResults) : undefined;
  await expect(parityPage(tables, clientsSection(clients))).toMatchFileSnapshot('../../docs/emulator-parity.md');
});

test('the results of foreign clients are shown by suite, with the steps that failed', () => {
  const section = clientsSection({
    versions: { 'azure-cli': '2.91.0' },
    suites: { az: { 'group list': true, 'vm list': false } },
  });
  expect(section).toContain('| az | 2 | 1 | `vm list` |');
  expect(clientsSection(undefined).join(' ')).toContain('Not run');
});
