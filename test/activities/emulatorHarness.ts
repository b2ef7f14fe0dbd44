import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import type { Activities } from '../../src/activities/index.ts';
import type { RetryHint } from '../../src/activities/errors/activityFailures.ts';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import type { FailureDetail } from '../../src/domain/failures.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource, plannedResources } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import type { EnsureOptions } from '../../src/activities/resources/resourceType.ts';
import { buildEmulator } from '../../src/emulator/server.ts';
import { createHalves } from './halves.ts';

const timeScale = 1 / 5000;

/** A request that the emulator received, as its control route reports it. */
interface SentRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  status: number;
  body?: Record<string, unknown>;
}

export interface EmulatorHarness {
  azure: Azure;
  activities: Activities & ReturnType<typeof createHalves>;
  ref: EnvironmentRef;
  connection: { endpoint: string; ca: string; timeScale: number };
  /** Sends a request to the emulator's control routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The requests to paths that match, in order. */
  sent(method: string, path: RegExp): Promise<SentRequest[]>;
  close(): Promise<void>;
}

type Answer = { status: number; body: unknown };

function call(url: string, ca: string, method: string, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(url, { method, ca, headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : (JSON.parse(text) as unknown) }),
      );
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Starts an emulator in its own directory, with activities connected to it. */
export async function startEmulatorHarness(
  options: { sealKey?: string; timeScale?: number; subscriptionIds?: string[]; ref?: Partial<EnvironmentRef> } = {},
): Promise<EmulatorHarness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'moat-activities-'));
  const scale = options.timeScale ?? timeScale;
  const { subscriptionIds = [] } = options;
  const emulator = await buildEmulator({ dataDir, port: 0, timeScale: scale, subscriptionIds });
  const subscriptionId = emulator.subscriptionIds[0]!;
  const ca = emulator.caPem;
  const azure = connectAzure({ kind: 'emulator', endpoint: emulator.url, ca, timeScale: scale }, [subscriptionId]);
  const control: EmulatorHarness['control'] = async (method, path, body) => {
    const answer = await call(`${emulator.url}/_emulator/${path}`, ca, method, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await control('PUT', 'throttling', { enabled: false });
  const deps = { azure, sealKey: options.sealKey ?? 'a key of the tests', allowPrivateRepositories: false };
  return {
    azure,
    activities: { ...createActivities(deps), ...createHalves(deps) },
    ref: { subscriptionId, name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7', ...options.ref },
    connection: { endpoint: emulator.url, ca, timeScale: scale },
    control,
    async sent(method, path) {
      const seen = (await control('GET', 'requests')) as SentRequest[];
      return seen.filter((one) => one.method === method && path.test(one.path));
    },
    async close() {
      await emulator.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Expected failures are not logged. */
const quiet = { logger: new DefaultLogger('ERROR') };

export const activityEnvironment = (info: Partial<Info> = {}) =>
  new MockActivityEnvironment({ attempt: 1, startToCloseTimeoutMs: 90_000, ...info }, quiet);

/** Runs one attempt of an activity, as a worker would. */
export const attempt = <Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
  info: Partial<Info> = {},
): Promise<Output> => activityEnvironment(info).run(activity, input);

/** The failure that an attempt ends with. */
export async function failureOf(
  run: Promise<unknown>,
): Promise<ApplicationFailure & { detail: FailureDetail; retryHint?: RetryHint }> {
  try {
    await run;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const [detail, retryHint] = (error.details ?? []) as [FailureDetail, RetryHint?];
    return Object.assign(error, { detail, ...(retryHint ? { retryHint } : {}) });
  }
  throw new Error('the activity did not fail');
}

/** Repeats an activity while it fails retryably, as Temporal does, with delays of 200 ms at most. */
export async function untilDone<Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
  attempts = 400,
): Promise<Output> {
  let heartbeatDetails: unknown;
  for (let n = 1; ; n++) {
    const env = activityEnvironment({ attempt: n, heartbeatDetails });
    env.on('heartbeat', (details: unknown) => (heartbeatDetails = details));
    try {
      return await env.run(activity, input);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable || n >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(Number(error.nextRetryDelay ?? 20), 200)));
    }
  }
}

/** Keys of the planned resources in the order of the sequence, without the deployment, which needs code and a model. */
export const keys: readonly ResourceKey[] = plannedResources({ subscriptionId: '', name: '', location: '', suffix: '' })
  .map(({ key }) => key)
  .filter((key) => key !== 'deployment');

/** Creates a resource as the workflow does. Returns its id. */
export async function createResource(
  { activities, ref }: EmulatorHarness,
  key: ResourceKey,
  options: EnsureOptions = {},
  readFirst = false,
): Promise<string> {
  await untilDone(activities.ensureResource, { ref, key, readFirst, options });
  return plannedResource(ref, key).id;
}

/** Deletes a resource as the workflow does. */
export async function deleteResource({ activities, ref }: EmulatorHarness, id: string): Promise<void> {
  await untilDone(activities.deleteResource, { ref, id, readFirst: true });
}

/** An emulator in which every resource but the deployment exists. */
export async function startProvisionedHarness(): Promise<EmulatorHarness> {
  const harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  for (const key of keys) await createResource(harness, key);
  return harness;
}

/** Creates what a virtual machine needs: group, network, identity and interface. */
export async function createMachineNetwork(harness: EmulatorHarness): Promise<void> {
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  for (const key of [
    'networkSecurityGroup',
    'natAddress',
    'natGateway',
    'virtualNetwork',
    'identity',
    'networkInterface',
  ] as const)
    await createResource(harness, key);
}
