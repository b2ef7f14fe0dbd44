import { apiVersionOf } from './armHarness.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getClient } from '@azure-rest/core-client';
import type { Client } from '@azure-rest/core-client';
import { buildEmulator } from '../../src/emulator/server.ts';
import type { Emulator } from '../../src/emulator/server.ts';
import type { Json, JsonObject } from '../../src/emulator/arm/model.ts';

const scope = 'https://management.azure.com/.default';

export const credential = {
  getToken: () => Promise.resolve({ token: 'test', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** A poller of either SDK generation. */
type Poller = { poll(): Promise<unknown>; isDone: boolean | (() => boolean) };

/**
 * Polls until the operation ends, without the SDK's pauses; rejects as the SDK does when it failed. A poller of the newer
 * generation is itself a promise of its result, so it is never awaited here.
 */
export async function finish(started: Poller | Promise<Poller>): Promise<void> {
  const poller = 'poll' in started ? started : await started;
  for (;;) {
    await poller.poll();
    if (typeof poller.isDone === 'function' ? poller.isDone() : poller.isDone) return;
    await wait(5);
  }
}

/** An emulator with its own directory, and helpers for tests of its services. */
export class Azure {
  readonly emulator: Emulator;
  readonly #directory: string;
  readonly #rest: Client;

  private constructor(emulator: Emulator, directory: string) {
    this.emulator = emulator;
    this.#directory = directory;
    this.#rest = getClient(emulator.url, credential, {
      credentials: { scopes: [scope] },
      tlsOptions: { ca: emulator.caPem },
      retryOptions: { maxRetries: 0 },
    });
  }

  static async start(subscriptionIds?: string[]): Promise<Azure> {
    const directory = await mkdtemp(join(tmpdir(), 'moat-services-'));
    const options = { dataDir: directory, port: 0, timeScale: 1 / 6000 };
    return new Azure(await buildEmulator(subscriptionIds ? { ...options, subscriptionIds } : options), directory);
  }

  async stop(): Promise<void> {
    await this.emulator.close();
    await rm(this.#directory, { recursive: true });
  }

  get subscriptionId(): string {
    return this.emulator.subscriptionIds[0] ?? '';
  }

  /** Options for an SDK client of either generation. */
  get clientOptions(): {
    endpoint: string;
    credentialScopes: string;
    credentials: { scopes: string[] };
    tlsOptions: { ca: string };
    retryOptions: { maxRetries: number };
  } {
    return {
      endpoint: this.emulator.url,
      credentialScopes: scope,
      credentials: { scopes: [scope] },
      tlsOptions: { ca: this.emulator.caPem },
      retryOptions: { maxRetries: 0 },
    };
  }

  groupId(group: string): string {
    return `/subscriptions/${this.subscriptionId}/resourceGroups/${group}`;
  }

  /** Sends one request without an SDK. */
  async send(
    method: 'get' | 'put' | 'post' | 'patch' | 'delete',
    path: string,
    body?: JsonObject,
    query: Record<string, string> = {},
  ): Promise<{ status: number; body: JsonObject; code: Json | undefined; message: string }> {
    const route = this.#rest.pathUnchecked(path);
    const queryParameters = { 'api-version': apiVersionOf(path), ...query };
    const answer = await route[method]({ queryParameters, ...(body && { body }) });
    const document = (answer.body ?? {}) as JsonObject;
    const error = (document['error'] ?? {}) as { code?: string; message?: string };
    return { status: Number(answer.status), body: document, code: error.code, message: error.message ?? '' };
  }

  /** Puts a resource and waits until it has Succeeded or Failed. Returns it. */
  async putResource(id: string, body: JsonObject, query: Record<string, string> = {}): Promise<JsonObject> {
    const { status, message } = await this.send('put', id, body, query);
    if (status >= 300) throw new Error(`${status} ${id}: ${message}`);
    return this.untilSettled(id);
  }

  /** Waits until no operation runs on the resource. Returns it. */
  async untilSettled(id: string): Promise<JsonObject> {
    for (;;) {
      const { body } = await this.send('get', id);
      const { provisioningState = 'Succeeded' } = body['properties'] as { provisioningState?: string };
      if (['Succeeded', 'Failed', 'Canceled'].includes(provisioningState)) return body;
      await wait(5);
    }
  }

  async untilDeleted(id: string): Promise<void> {
    while ((await this.send('get', id)).status !== 404) await wait(5);
  }

  /** Sets an object of the emulated cloud that is not an ARM resource: a blob, an image, a quota. */
  async object(key: string, value: Json): Promise<void> {
    const path = `/_emulator/objects/${key.split('/').map(encodeURIComponent).join('/')}`;
    await this.send('put', path, { value });
  }

  /** Makes the operation of the next such request run until the faults are deleted. */
  async hang(method: string, id: string): Promise<void> {
    await this.send('post', '/_emulator/faults', {
      match: { method, id },
      times: 1,
      effect: { hangOperation: true },
    });
  }

  /** Creates a group with all dependencies of a workspace; their names end in `suffix`. */
  async createWorkspaceDependencies(
    group: string,
    suffix: string,
  ): Promise<Record<'storage' | 'vault' | 'registry' | 'insights', string>> {
    const location = 'westus2';
    const id = this.groupId(group);
    const provider = (path: string): string => `${id}/providers/Microsoft.${path}`;
    await this.putResource(id, { location });
    const logs = provider(`OperationalInsights/workspaces/log-${suffix}`);
    const names = {
      storage: provider(`Storage/storageAccounts/st${suffix}`),
      vault: provider(`KeyVault/vaults/kv${suffix}`),
      registry: provider(`ContainerRegistry/registries/cr${suffix}`),
      insights: provider(`Insights/components/appi-${suffix}`),
    };
    const sku = { family: 'A', name: 'standard' };
    const { tenantId } = this.emulator;
    await Promise.all([
      this.putResource(names.storage, { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} }),
      this.putResource(names.vault, { location, properties: { tenantId, sku, enableRbacAuthorization: true } }),
      this.putResource(names.registry, { location, sku: { name: 'Premium' }, properties: {} }),
      this.putResource(logs, { location, properties: {} }),
    ]);
    await this.putResource(names.insights, { location, kind: 'web', properties: { WorkspaceResourceId: logs } });
    return names;
  }

  /** Creates a workspace with its dependencies. Returns its id. */
  async workspace(group: string, suffix: string, properties: JsonObject = {}): Promise<string> {
    const on = await this.createWorkspaceDependencies(group, suffix);
    const id = `${this.groupId(group)}/providers/Microsoft.MachineLearningServices/workspaces/mlw-${suffix}`;
    await this.putResource(id, workspaceBody(on, properties));
    return id;
  }
}

/** The body of a PUT of a workspace. */
export function workspaceBody(
  on: Record<'storage' | 'vault' | 'registry' | 'insights', string>,
  properties: JsonObject = {},
): JsonObject {
  return {
    location: 'westus2',
    identity: { type: 'SystemAssigned' },
    properties: {
      storageAccount: on.storage,
      keyVault: on.vault,
      containerRegistry: on.registry,
      applicationInsights: on.insights,
      ...properties,
    },
  };
}
