import { afterEach, beforeEach, expect, it } from 'vitest';
import { nextFreePort } from '../../src/main/ports.ts';
import { waitFor } from '../../src/main/wait.ts';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation, Started } from './support/moatProcesses.ts';

let moat: Installation;

beforeEach(async () => {
  moat = await createInstallation();
});
afterEach(() => moat.close());

const stop = (start: Started): Promise<number | null> => {
  start.child.kill('SIGINT');
  return start.exitCode();
};

/** Temporal's UI receives encrypted payloads, and is configured to decode them through the API. */
async function expectEncrypted(output: string): Promise<void> {
  const ui = /Temporal +(http:\S+)/.exec(output)![1]!;
  const read = async (path: string): Promise<string> => (await fetch(`${ui}/api/v1/${path}`)).text();
  expect(JSON.parse(await read('settings'))).toMatchObject({ Codec: { Endpoint: `${moat.api}/codec` } });
  const payloads: { metadata: Record<string, string> }[] = [];
  JSON.parse(await read('namespaces/default/workflows/environment-sample/history'), (_, value) => {
    if (value?.metadata?.encoding !== undefined && value.data !== undefined) payloads.push(value);
    return value;
  });
  const encodings = payloads.map(({ metadata }) => Buffer.from(metadata['encoding']!, 'base64').toString());
  expect(encodings).toContain('binary/encrypted');
  const decoded = await fetch(`${moat.api}/codec/decode`, {
    method: 'POST',
    headers: { origin: ui, 'content-type': 'application/json', 'x-namespace': 'default' },
    body: JSON.stringify({ payloads: payloads.slice(encodings.indexOf('binary/encrypted')).slice(0, 1) }),
  });
  expect([decoded.status, decoded.headers.get('access-control-allow-origin')]).toEqual([200, ui]);
  const answer = (await decoded.json()) as { payloads: typeof payloads };
  expect(Buffer.from(answer.payloads[0]!.metadata['encoding']!, 'base64').toString()).toBe('json/plain');
}

it('npm start shows the steps of the sample and its score, and continues from its state at the next start', async () => {
  const first = moat.start([]);
  await first.prints('Serving until Ctrl-C.');
  for (const step of ['preflight', 'network', 'workspace', 'jumpbox', 'image', 'endpoint', 'verify', 'score'])
    expect(first.output()).toMatch(new RegExp(`${step} +succeeded`));
  expect(first.output()).toMatch(/\[11055\.977\d*,4503\.079\d*\]/);
  expect(first.output()).toContain('Next:');
  await expectEncrypted(first.output());
  expect(await stop(first)).toBe(0);
  expect(first.output()).toContain('The next npm start resumes with the same state.');
  await expect(fetch(moat.api)).rejects.toThrow();

  const second = moat.start([]);
  await second.prints('Serving until Ctrl-C.');
  expect(second.output()).toContain('The sample environment is ready from an earlier run.');
  expect(second.output()).toMatch(/\[11055\.977\d*,4503\.079\d*\]/);
  expect(await stop(second)).toBe(0);
}, 120_000);

it.runIf(process.platform === 'linux')(
  'npm start restarts a process that was killed',
  async () => {
    const start = moat.start(['--no-sample']);
    await start.prints('Serving until Ctrl-C.');
    process.kill(await moat.pidOf(/src\/main\/api\.ts/), 'SIGKILL');
    await start.prints('api exited (SIGKILL); restarting');
    await waitFor({ what: 'the API', limit: 30_000 }, async () => (await fetch(`${moat.api}/healthz`)).ok || undefined);
    expect(await stop(start)).toBe(0);
  },
  120_000,
);

it('npm start names the setting of a port that is in use', async () => {
  const other = await createInstallation();
  try {
    const first = moat.start(['--no-sample']);
    await first.prints('Serving until Ctrl-C.');
    const { port } = new URL(moat.api);
    const second = other.start(['--no-sample'], { MOAT_PORT: port });
    expect(await second.exitCode()).toBe(1);
    expect(second.output()).toContain(`Port ${port} is in use. Stop the process that uses it, or set MOAT_PORT`);
  } finally {
    await other.close();
  }
}, 120_000);

it('npm start stops, and never serves, when one of its processes cannot be repaired by a restart', async () => {
  const armEndpoint = `http://127.0.0.1:${await nextFreePort(9_000)}`;
  const start = moat.start(['--no-sample'], { MOAT_ARM_CA: '/dev/null', MOAT_ARM_ENDPOINT: armEndpoint });
  expect(await start.exitCode()).toBe(78);
  expect(start.output()).toContain('/dev/null is not a PEM certificate');
  expect(start.output()).not.toMatch(/Serving|restarting/);
}, 60_000);

it('npm start prints its options', async () => {
  const help = moat.start(['--help']);
  await help.prints('--no-sample');
  expect(await help.exitCode()).toBe(0);
});
