import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDataConverter } from '../../src/temporal/dataConverter.ts';
import { localCaller } from '../../src/domain/roles.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { requireReadable } from '../../src/temporal/requireReadable.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { setUpSchedule } from '../../src/temporal/sweepSchedule.ts';
import { UnreadableData } from '../../src/temporal/unreadableData.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../e2e/support/until.ts';
import { specOf } from '../workflows/fixtures.ts';

const keyNamed = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const [old, current] = [keyNamed('k1'), keyNamed('k2')];
const spec = specOf('rotate1');

let connection: Connection;
let namespace: string;
beforeAll(async () => {
  const { address } = inject('temporal');
  namespace = await ownNamespace(address, 'rotation');
  connection = await Connection.connect({ address });
  await until('the namespace is ready', async () => {
    await setUpNamespace(new Client({ connection, namespace }));
    return true;
  });
  await environmentsWith().as(localCaller).create(specOf('plain1'));
  await environmentsWith(old).as(localCaller).create(spec);
});
afterAll(() => connection.close());

const clientWith = (...keys: { id: string; key: string }[]) =>
  new Client({ connection, namespace, dataConverter: createDataConverter(keys) });

/** The environments as an API with these keys reads them. Reads need no worker. */
function environmentsWith(...keys: { id: string; key: string }[]) {
  return createEnvironments(clientWith(...keys), { target: 'emulator', subscriptionId: 'sub', temporalUi: null });
}

it('an environment written with the old key is readable after a new key is added in front', async () => {
  const environments = environmentsWith(current, old);
  expect((await environments.get('rotate1')).spec).toEqual(spec);
  await until(
    'the environment is listed',
    async () => (await environments.list({ limit: 10 })).items[0]?.name === 'rotate1',
  );
});

it.each([
  ['only the new key', [current]],
  ['no key', []],
])('with %s, the error names the missing key', async (_title, keys) => {
  await expect(environmentsWith(...keys).get('rotate1')).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('the key k1, which is neither in MOAT_ENCRYPTION_KEYS nor in encryption.key'),
  });
});

it('an environment from before encryption is readable with a key', async () => {
  expect((await environmentsWith(current).get('plain1')).spec).toEqual(specOf('plain1'));
});

it('a process whose key was lost does not start: it names the key that encrypted the data', async () => {
  const hourly = { mode: 'on', intervalMs: 3_600_000, timeZone: 'UTC', graceMs: 0, cap: null, dailyCap: null } as const;
  await requireReadable(clientWith(old), 'temporal:7233');
  await setUpSchedule(clientWith(old), hourly);
  await requireReadable(clientWith(old), 'temporal:7233');
  const refusal = requireReadable(clientWith(current), 'temporal:7233');
  await expect(refusal).rejects.toThrow(UnreadableData);
  await expect(refusal).rejects.toThrow(/encrypted with the key k1, .*temporal:7233\. Restore the key/);
  await setUpSchedule(clientWith(current, old), hourly);
  await requireReadable(clientWith(current), 'temporal:7233');
});
