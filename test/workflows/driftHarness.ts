import { request as httpsRequest } from 'node:https';
import type { Spec } from '../../src/domain/environment.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import { Cloud } from '../activities/mutationHarness.ts';
import { createEnvironment } from '../activities/soundEnvironment.ts';
import { refNamed, subscriptionId, sweepSettings } from './fixtures.ts';
import { startWebhookReceiver } from './webhookReceiver.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';

const name = 'drifted';
export const ana = 'ana@example.com';
export const unplannedAddress = `/subscriptions/${subscriptionId}/resourceGroups/other/providers/Microsoft.Network/publicIPAddresses/anas`;

type State = ConstructorParameters<typeof Cloud>[1];

/** A bearer token of Ana; the emulator checks no signature. */
const anasToken = `x.${Buffer.from(JSON.stringify({ appid: ana })).toString('base64url')}.x`;

function send(url: string, ca: string, method: string, body: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${anasToken}` };
    const sent = httpsRequest(url, { method, ca, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A sound environment in an emulator, whose workflow runs on a real Temporal server with the real activities. */
export async function startDriftHarness(address: string, title: string) {
  const started = await startEmulatorHarness({ subscriptionIds: [subscriptionId] });
  const emulator = { ...started, ref: refNamed(name) };
  const receiver = await startWebhookReceiver();
  await createEnvironment(emulator, 'custom');
  const sound = (await emulator.control('GET', 'state')) as State;
  /** proofs that still see an open service from outside */
  const delayed = { proofs: 0 };
  const moat = await startWorkflowHarness(address, title, {
    activities: {
      ...emulator.activities,
      async proveOutside(input) {
        const found = await emulator.activities.proveOutside(input);
        const blob = found.rows.find(({ check }) => check === 'blob storage from outside')!;
        if (delayed.proofs > 0) Object.assign(blob, { verdict: 'failed', observed: 'answered 401' });
        delayed.proofs -= 1;
        return found;
      },
    },
    sweepSettings: sweepSettings(),
    webhook: receiver.webhook,
  });
  const { endpoint, ca } = emulator.connection;
  const idOf = (key: ResourceKey): string => plannedResource(emulator.ref, key).id;
  let created = false;
  let begunAt = '';
  // events of workflows before this one may arrive late
  const ownEvents = () => receiver.events.filter(({ at }) => at > begunAt);

  return {
    moat,
    emulator,
    delayed,
    idOf,
    /** The types of the events of this workflow, in the order in which they happened, once there are so many. */
    async published(count: number): Promise<string[]> {
      await until(`${count} events are published`, async () => ownEvents().length >= count);
      return ownEvents()
        .toSorted((a, b) => a.at.localeCompare(b.at))
        .map(({ type }) => type);
    },
    /** A sound environment that is ready, in a new workflow. */
    async begin(onDrift: Spec['onDrift']): Promise<void> {
      if (created) await moat.client.workflow.getHandle(environmentWorkflowId(name)).terminate();
      created = true;
      begunAt = new Date().toISOString();
      await emulator.control('PUT', 'state', sound);
      await moat.createReady(name, {}, { onDrift });
    },
    /** Changes the emulator's state, without a trace in its activity log. */
    async mutate(change: (cloud: Cloud) => void): Promise<void> {
      const cloud = new Cloud(emulator, (await emulator.control('GET', 'state')) as State);
      change(cloud);
      await emulator.control('PUT', 'state', cloud.state);
    },
    /** Ana changes something by hand, again while an operation is in progress. */
    byHand: (method: string, id: string, apiVersion: string, body?: unknown): Promise<unknown> =>
      until(`${method} ${id}`, async () => {
        const status = await send(`${endpoint}${id}?api-version=${apiVersion}`, ca, method, body);
        if (status < 400) return true;
        throw new Error(String(status));
      }),
    /** Runs the first proof of this workflow. */
    async verify() {
      await moat.environments.verify(name);
      await moat.untilRunEnded(name, 'verify-1');
      return { run: await moat.environments.run(name, 'verify-1'), environment: await moat.environments.get(name) };
    },
    async close(): Promise<void> {
      await moat.close();
      await emulator.close();
      receiver.close();
    },
  };
}

export type DriftHarness = Awaited<ReturnType<typeof startDriftHarness>>;
