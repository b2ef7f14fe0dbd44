import { expect, test } from 'vitest';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { isolatedCloud } from '../emulator/isolatedCloud.ts';

/** Sets a new jumpbox up while an agent holds apt's lock for so many seconds. */
async function setUp(aptLockSeconds: number) {
  const { cloud, vm, openInternet } = isolatedCloud();
  vm.createdAt = cloud.now();
  openInternet(true);
  cloud.objects.put('aptLockSeconds', aptLockSeconds);
  const ran = await runScript(cloud, vm, jumpboxCommand('setUp', {}));
  return { ...ran, outcome: () => readOutcome('setUp', { ...ran, executionState: ran.state }) };
}

test('A17 a lock of apt that an agent holds for ten minutes is waited for', async () => {
  const { elapsedSeconds } = await setUp(0);
  const held = await setUp(600);
  expect(held.outcome()).toHaveProperty('docker');
  expect(held.error).toContain('Could not get lock /var/lib/dpkg/lock-frontend');
  expect(held.elapsedSeconds).toBeGreaterThan(600);
  expect(elapsedSeconds).toBeLessThan(600);
});

test('A17 a lock of apt that is held for ever fails Transient, with the text of apt', async () => {
  const held = await setUp(1e9);
  expect(held.state).not.toBe('TimedOut');
  expect(held.outcome).toThrow(
    expect.objectContaining({
      type: 'Transient',
      retryable: true,
      message: expect.stringContaining(
        'apt-get install failed: E: Could not get lock /var/lib/dpkg/lock-frontend',
      ) as string,
    }),
  );
});
