import { connect } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import { Clock } from '../../src/emulator/state/clock.ts';
import { Arm, send, useArm } from './armHarness.ts';

const arm = useArm();
afterEach(() => vi.useRealTimers());

/** Sends bytes as they are and returns what comes back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port: arm.emulator.port, ca: arm.emulator.caPem }, () =>
      socket.write(bytes),
    );
    let reply = '';
    socket.on('data', (chunk: Buffer) => (reply += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => resolve(reply));
  });
}

test('a body above 4 MiB is refused as ARM does', async () => {
  const path = `${arm.group('large')}?api-version=2024-11-01`;
  const answer = await send(arm.emulator, 'PUT', path, { body: { location: 'x'.repeat(5 * 1024 * 1024) } });
  expect(answer.status).toBe(413);
  expect(answer.body).toEqual({
    error: {
      code: 'RequestContentTooLarge',
      message: 'The request content size exceeds the maximum size of 4 MB.',
    },
  });
  expect((await arm.send('GET', arm.group('large'))).status).toBe(404);
});

test.each([
  ['malformed JSON', '{"location":'],
  ['a list', '[]'],
  ['JSON that is nested too deeply', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
])('%s is refused with InvalidRequestContent', async (_, body) => {
  for (const path of [`${arm.group('g')}?api-version=2024-11-01`, '/_emulator/faults']) {
    const answer = await send(arm.emulator, path.startsWith('/_') ? 'POST' : 'PUT', path, { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe('InvalidRequestContent');
  }
});

test('brackets inside strings do not count as nesting', async () => {
  const answer = await arm.send('PUT', arm.group('brackets'), {
    location: 'westus2',
    tags: { text: `"\\${'[{'.repeat(100)}` },
  });
  expect(answer.status).toBe(201);
});

test("an invalid HTTP request or too large headers are refused in ARM's error shape", async () => {
  const garbage = await raw('GARBAGE\r\n\r\n');
  expect(garbage).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\n\{"error":\{"code":"BadRequest"/);
  const large = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1\.1 431 [^]*"code":"RequestHeadersTooLarge"/);
});

test('a wall clock that jumps forward and back neither refuses requests nor delays operations', async () => {
  const threeDays = 3 * 24 * 3600 * 1000;
  const real = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: real + threeDays });
  await arm.put(arm.group('jump'), { location: 'westus2' });
  vi.setSystemTime(real);
  expect((await arm.send('GET', arm.group('jump'))).status).toBe(200);
  await arm.put(`${arm.group('jump')}/providers/Microsoft.Network/networkSecurityGroups/n`, { location: 'westus2' });
  expect((await arm.send('GET', `${arm.group('jump')}/resources`)).status).toBe(200);
});

test('after a restart with a wall clock that was set back, time continues from the latest instant in the journal', async () => {
  const threeDays = 3 * 24 * 3600 * 1000;
  const real = Date.now();
  const other = await Arm.start({ timeScale: 1 / 200 });
  vi.useFakeTimers({ toFake: ['Date'], now: real + threeDays });
  await other.restart();
  await other.put(other.group('g'), { location: 'westus2' });
  const id = `${other.group('g')}/providers/Microsoft.Network/networkSecurityGroups/n`;
  await other.send('PUT', id, { location: 'westus2' });
  vi.setSystemTime(real);
  await other.restart();
  expect((await other.untilSettled(id)).body.properties.provisioningState).toBe('Succeeded');
  await other.stop();
});

test('the clock advances by monotonic time and never goes back', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
  const clock = new Clock(1);
  vi.advanceTimersByTime(50);
  expect(clock.now()).toBe(1_000_050);
  vi.setSystemTime(5);
  expect(clock.now()).toBe(1_000_050);
  clock.advanceTo(2_000_000);
  clock.advanceTo(1);
  expect(clock.now()).toBe(2_000_000);
});
