import { expect, test } from 'vitest';
import { Clock } from '../../src/emulator/state/clock.ts';
import { Arm, location } from './armHarness.ts';

interface Operation {
  kind: string;
  resourceId: string;
  startedAt: number;
  endsAt: number;
}

/** Seconds of Azure that the deletion of a resource takes, as the control route reports it. */
async function deletionSeconds(arm: Arm, id: string, scale: number): Promise<number> {
  const { body } = (await arm.control('GET', `operations?below=${id}`)) as { body: Operation[] };
  const { startedAt, endsAt } = body.find(({ kind, resourceId }) => kind === 'delete' && resourceId === id)!;
  return Math.round((endsAt - startedAt) / 1000 / scale);
}

test('a group is deleted in seconds when it is empty, else as long as its longest chain of resources', async () => {
  const scale = 1 / 200;
  const arm = await Arm.start({ timeScale: scale });
  const at = (group: string, path: string): string => `${arm.group(group)}/providers/Microsoft.Network/${path}`;
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
  for (const name of ['empty', 'wide', 'deep']) await arm.put(arm.group(name), { location });
  for (const name of ['wide', 'deep']) {
    await arm.put(at(name, 'networkSecurityGroups/nsg'), { location });
    await arm.put(at(name, 'virtualNetworks/vnet'), { location, properties: { addressSpace, subnets } });
  }
  const subnet = { id: `${at('deep', 'virtualNetworks/vnet')}/subnets/s` };
  const ipConfigurations = [{ name: 'a', properties: { subnet } }];
  await arm.put(at('deep', 'networkInterfaces/nic'), { location, properties: { ipConfigurations } });
  for (const name of ['empty', 'wide', 'deep']) await arm.send('DELETE', arm.group(name));
  const seconds = (name: string): Promise<number> => deletionSeconds(arm, arm.group(name), scale);
  // 15 for the group; 30 and its own for each resource of the chain: a network takes 15, an interface 12.
  expect([await seconds('empty'), await seconds('wide'), await seconds('deep')]).toEqual([15, 60, 102]);
  await arm.stop();
});

const durations = (seed: number | null): number[] => {
  const clock = new Clock(1, seed);
  return Array.from({ length: 500 }, (_, at) => clock.duration('workspace.put', `/subscriptions/s/w${at}`) / 180_000);
};

test('durations vary around their mean by the seed, and not at all without one', () => {
  const factors = durations(1);
  expect(durations(1)).toEqual(factors);
  expect(durations(2)).not.toEqual(factors);
  expect(new Set(durations(null))).toEqual(new Set([1]));
  expect(factors.reduce((sum, factor) => sum + factor, 0) / factors.length).toBeCloseTo(1, 1);
  expect(Math.min(...factors)).toBeLessThan(0.8);
  expect(Math.max(...factors)).toBeGreaterThan(1.3);
});

test('the emulator applies its seed to the operations that it begins', async () => {
  const deletions: number[] = [];
  for (const seed of [7, 7, 8]) {
    const arm = await Arm.start({ timeScale: 1, seed });
    await arm.put(arm.group('one'), { location });
    await arm.send('DELETE', arm.group('one'));
    deletions.push(await deletionSeconds(arm, arm.group('one'), 1 / 1000));
    await arm.stop();
  }
  const [first, again, other] = deletions;
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});
