import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildEmulator } from '../../src/emulator/server.ts';
import { apiVersionOf, Arm, send } from './armHarness.ts';

const location = 'westus2';
let directory: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moat-restart-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

interface ChildEmulator {
  port: number;
  caPem: string;
  subscriptionId: string;
}

async function startChild(): Promise<ChildEmulator> {
  child = spawn(process.execPath, [join(import.meta.dirname, 'emulatorProcess.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as ChildEmulator;
  throw new Error('the emulator ended');
}

async function killChild(): Promise<void> {
  const ended = child && once(child, 'exit');
  child?.kill('SIGKILL');
  await ended;
}

test('everything that was answered exists after kill -9, and operations that fell due have ended', async () => {
  const running = await startChild();
  const group = `/subscriptions/${running.subscriptionId}/resourceGroups/survivor`;
  await send(running, 'PUT', `${group}?api-version=${apiVersionOf(group)}`, { body: { location } });
  const answered: string[] = [];
  const writing = (async () => {
    for (let number = 0; ; number += 1) {
      const id = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-${number}`;
      const answer = await send(running, 'PUT', `${id}?api-version=${apiVersionOf(id)}`, {
        body: { location, tags: { number: String(number) } },
      });
      if (answer.status === 201) answered.push(id);
    }
  })().catch(() => undefined);
  while (answered.length < 20) await send(running, 'GET', `${group}?api-version=${apiVersionOf(group)}`);
  await killChild();
  await writing;

  const arm = await Arm.start({ dataDir: directory, timeScale: 1 / 20 });
  const listed = (await arm.send('GET', `${group}/resources`)).body.value.map(({ id }: { id: string }) => id);
  for (const id of answered) expect(listed).toContain(id);
  const last = await arm.untilSettled(answered.at(-1) ?? '');
  expect(last.body).toMatchObject({
    tags: { number: String(answered.length - 1) },
    properties: { provisioningState: 'Succeeded' },
  });
  await arm.emulator.close();
});

test('an operation that started before a restart can be polled after it', async () => {
  const arm = await Arm.start({ dataDir: directory });
  await arm.put(arm.group('g'), { location });
  const accepted = await arm.send('PUT', `${arm.group('g')}/providers/Microsoft.Network/networkSecurityGroups/n`, {
    location,
  });
  await arm.restart();
  const { pathname, search } = new URL(accepted.headers['azure-asyncoperation'] ?? '');
  for (;;) {
    const { body } = await send(arm.emulator, 'GET', pathname + search);
    if (body.status !== 'InProgress') {
      expect(body).toEqual({ status: 'Succeeded' });
      break;
    }
  }
  await arm.emulator.close();
});

test('a wipe deletes everything', async () => {
  const arm = await Arm.start({ dataDir: directory });
  await arm.put(arm.group('g'), { location });
  await arm.control('DELETE', 'state');
  expect((await arm.send('GET', arm.group('g'))).status).toBe(404);
  await arm.restart();
  expect((await arm.send('GET', arm.group('g'))).status).toBe(404);
  await arm.emulator.close();
});

test("a second emulator on the same port fails without touching the first one's state", async () => {
  const arm = await Arm.start({ dataDir: directory });
  await arm.put(arm.group('g'), { location });
  const { port } = arm.emulator;
  await expect(buildEmulator({ dataDir: directory, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await arm.put(arm.group('h'), { location });
  await arm.restart();
  expect((await arm.send('GET', arm.group('g'))).status).toBe(200);
  expect((await arm.send('GET', arm.group('h'))).status).toBe(200);
  await arm.emulator.close();
});
