import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient } from '../e2e/support/client.ts';
import type { MoatClient } from '../e2e/support/client.ts';
import { storedMemo } from '../e2e/support/storedMemo.ts';
import { until } from '../e2e/support/until.ts';
import { startTraffic } from './support/traffic.ts';
import { missingTools } from './support/tools.ts';
import { startTopology } from './support/topology.ts';
import type { Topology } from './support/topology.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const texts = (payloads: { data: string }[]): string =>
  payloads.map(({ data }) => Buffer.from(data, 'base64').toString()).join('\n');
const missing = missingTools();
// Several programs start on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe.skipIf(missing.length > 0)(
  missing.length > 0
    ? `the services of docker-compose.yml (skipped without ${missing.join(', ')})`
    : 'the services of docker-compose.yml',
  () => {
    let topology: Topology;
    let client: MoatClient;
    beforeAll(async () => {
      topology = await startTopology('1/200');
      await topology.start();
      client = createClient(topology.url, topology.apiKey, 200_000);
    });
    afterAll(() => topology?.close());

    const names = ['load1', 'load2', 'load3', 'load4', 'load5', 'load6'];
    const runsOf = async (name: string) =>
      ((await client.call('GET', `/environments/${name}/runs`)).body as { items: { kind: string; outcome: string }[] })
        .items;
    const ended = async () =>
      (await Promise.all(names.map((name) => client.get(name))))
        .flatMap(({ steps }) => steps)
        .filter(({ state }) => state === 'succeeded').length;
    /** Waits until a step of any environment has ended that had not. */
    async function untilProgress(): Promise<void> {
      const before = await until('environments are readable', async () => (await ended()) + 1);
      await until('a step has ended', async () => (await ended()) >= before || (await allReady()), 120_000);
    }
    const allReady = async () =>
      (await Promise.all(names.map((name) => client.get(name)))).every(({ state }) => state === 'ready');

    it('no run and no event is lost when one of each is killed under load', async () => {
      for (const name of names) expect((await client.create({ name, location: 'westus2' })).status).toBe(202);
      const traffic = startTraffic(topology.url, topology.apiKey, names);
      try {
        await untilProgress();
        await topology.supervisor.kill('worker-1');
        await untilProgress();
        await topology.supervisor.kill('api-1');
        await untilProgress();
        expect(traffic.failures(), 'without one worker and one API, every GET was answered').toEqual([]);
        for (const name of ['temporal', 'postgresql', 'emulator', 'proxy']) {
          await topology.supervisor.kill(name);
          await topology.ready();
        }
        for (const name of names) {
          const { failure, state, receipt } = await client.until(name, 'ready', 'failed');
          expect([state, failure], name).toEqual(['ready', null]);
          expect((receipt!.score!.body as number[])[0]).toBeCloseTo(11055.977245525679, 6);
          expect((await runsOf(name)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
            ['provision', 'succeeded'],
          ]);
        }
        await traffic.untilLastEvent((environment) => environment.state === 'ready');
      } finally {
        await traffic.stop();
      }
      const killed = ['worker-1', 'api-1', 'temporal', 'postgresql', 'emulator', 'proxy'];
      for (const name of killed) expect(topology.supervisor.starts(name), name).toBeGreaterThan(1);
    });

    it('events pass the proxy at once, also with the certificate of compose-init', async () => {
      const ca = readFileSync(join(topology.secrets, 'proxy.pem'));
      const headers = { authorization: `Bearer ${topology.apiKey}`, accept: 'text/event-stream' };
      let text = '';
      const sent = get(`${topology.tlsUrl}/events`, { ca, headers }, (answer) =>
        answer.on('data', (chunk: Buffer) => (text += chunk.toString())),
      );
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(200);
      await client.create({ name: 'stream1', location: 'westus2' });
      // The stream stays open: a proxy that buffers would deliver nothing.
      await until('the change was streamed', async () => /^data:.*"name":"stream1"/m.test(text));
      answer.destroy();
    });

    it('the Temporal UI and its decryption need the password that compose-init printed', async () => {
      await client.create({ name: 'secret1', location: 'westus2' });
      const memo = await storedMemo(topology.address, 'default', 'environment-secret1');
      const payloads = memo.map(({ metadata, data }) => ({
        metadata: Object.fromEntries(Object.entries(metadata).map(([key, bytes]) => [key, base64(bytes)])),
        data: base64(data),
      }));
      const body = JSON.stringify({ payloads });
      const decode = (authorization: Record<string, string>) =>
        fetch(`${topology.uiUrl}/codec/decode`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: topology.uiUrl, ...authorization },
          body,
        });
      const login = { authorization: `Basic ${Buffer.from(`moat:${topology.uiPassword}`).toString('base64')}` };

      expect(texts(payloads), 'encrypted in Temporal').not.toContain('secret1');
      const decoded = (await (await decode(login)).json()) as { payloads: { data: string }[] };
      expect(texts(decoded.payloads)).toContain('secret1');
      expect(await (await fetch(topology.uiUrl, { headers: login })).text()).toBe('the Temporal UI');
      for (const answer of [
        await decode({}),
        await decode({ authorization: 'Basic bW9hdDo=' }),
        await fetch(topology.uiUrl),
      ])
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
          401,
          expect.stringContaining('Basic'),
        ]);
    });

    it('a backup restores Temporal; what was created after it is recovered from tags', async () => {
      for (const name of ['kept1', 'gone1'])
        expect((await client.create({ name, location: 'westus2' })).status).toBe(202);
      for (const name of ['kept1', 'gone1']) expect((await client.until(name, 'ready', 'failed')).failure).toBeNull();
      const backup = join(topology.directory, 'backup.tar.gz');
      await topology.database.backUp(backup);
      expect((await client.create({ name: 'later1', location: 'westus2' })).status).toBe(202);
      expect((await client.until('later1', 'ready', 'failed')).state).toBe('ready');
      await client.remove('gone1');
      expect((await client.get('gone1')).state).toBe('deleted');

      await topology.supervisor.stop('temporal');
      await topology.supervisor.stop('postgresql', 'SIGINT');
      await topology.database.removeFolder();
      await topology.database.createFolder();
      await topology.database.restore(backup);
      await topology.startDatabase();
      // An upgrade begins like this.
      await topology.setUpSchema();
      await topology.startTemporal();
      await topology.ready();

      expect((await client.get('kept1')).state).toBe('ready');
      expect((await client.call('GET', '/environments/later1')).status).toBe(404);
      expect((await client.call('POST', '/sweeps', {})).status).toBe(202);
      await client.until('later1', 'ready');
      await client.remove('later1');
      // The restored workflow has resources that do not exist: its teardown completes, or names what a person has to check.
      await client.remove('gone1');
      const gone = await client.get('gone1');
      expect(['deleted', 'blocked']).toContain(gone.state);
      expect((await client.get('later1')).state).toBe('deleted');
      expect((await client.call('PATCH', '/environments/kept1', { ttl: '10h' })).status).toBe(200);
    });
  },
);
