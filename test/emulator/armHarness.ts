import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { publishedVersions } from '../../src/emulator/schema/apiVersions.ts';
import { buildEmulator } from '../../src/emulator/server.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/server.ts';

/** The region of all test resources. */
export const location = 'westus2';

export const credential = {
  getToken: () => Promise.resolve({ token: 'test', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

export interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read replies of every shape
  body: any;
}

/** An api-version of what the path addresses: the newest until 2025-01-01, else the oldest. */
export function apiVersionOf(path: string): string {
  const [, provider] = /.*\/providers\/([^?/]+\/(?!register)[^?]+)/i.exec(path) ?? [];
  const [namespace, ...segments] = provider?.split('/') ?? ['Microsoft.Resources'];
  const type = [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/');
  const versions = publishedVersions(type).filter((version) => !version.endsWith('preview'));
  return versions.find((version) => version <= '2025-01-01') ?? versions.at(-1) ?? '2024-11-01';
}

/** Connections are kept: a handshake costs more than a request. */
const agents = new Map<string, Agent>();
function agentOf(ca: string): Agent {
  const agent = agents.get(ca) ?? new Agent({ ca, keepAlive: true });
  agents.set(ca, agent);
  return agent;
}

/** Sends one HTTPS request that trusts the emulator's authority. Rejects when the connection breaks. */
export function send(
  emulator: Pick<Emulator, 'port' | 'caPem'>,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const agent = agentOf(emulator.caPem);
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const outgoing = request(
      {
        host: 'localhost',
        port: emulator.port,
        method,
        path,
        agent,
        // tests send foreign Host headers
        servername: 'localhost',
        headers: { authorization: 'Bearer test', ...headers },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          const json = answer.headers['content-type']?.startsWith('application/json');
          const plain = Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({ status: answer.statusCode ?? 0, headers: plain, text, body: json ? JSON.parse(text) : undefined });
        });
        answer.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}

/** An emulator with its own directory and a clock 2,000 times as fast as real time. */
export class Arm {
  emulator!: Emulator;
  directory!: string;
  readonly #options: Partial<EmulatorOptions>;
  readonly #group: string;

  constructor(options: Partial<EmulatorOptions> = {}, group = '') {
    this.#options = options;
    this.#group = group;
  }

  static async start(options: Partial<EmulatorOptions> = {}): Promise<Arm> {
    const arm = new Arm(options);
    await arm.start();
    return arm;
  }

  async start(): Promise<void> {
    this.directory = this.#options.dataDir ?? (await mkdtemp(join(tmpdir(), 'moat-emulator-')));
    await this.#build({});
    if (this.#group !== '') await this.put(this.group(this.#group), { location });
  }

  async #build(options: Partial<EmulatorOptions>): Promise<void> {
    const defaults = { port: 0, timeScale: 1 / 2000 };
    this.emulator = await buildEmulator({ ...defaults, ...this.#options, ...options, dataDir: this.directory });
  }

  /** Restarts the emulator with the same directory. */
  async restart(options: Partial<EmulatorOptions> = {}): Promise<void> {
    await this.emulator.close();
    await this.#build(options);
  }

  async stop(): Promise<void> {
    await this.emulator.close();
    await rm(this.directory, { recursive: true });
  }

  get subscriptionId(): string {
    return this.emulator.subscriptionIds[0] ?? '';
  }

  get subscription(): string {
    return `/subscriptions/${this.subscriptionId}`;
  }

  group(name: string): string {
    return `${this.subscription}/resourceGroups/${name}`;
  }

  /** The id of a resource in the group that `useArm` created. */
  readonly id = (type: string, name: string): string => `${this.group(this.#group)}/providers/${type}/${name}`;

  /** Options that connect an SDK client to the emulator. */
  get clientOptions(): {
    endpoint: string;
    tlsOptions: { ca: string };
    retryOptions: { maxRetries: 0 };
    credentialScopes: string;
  } {
    return {
      endpoint: this.emulator.url,
      tlsOptions: { ca: this.emulator.caPem },
      retryOptions: { maxRetries: 0 },
      credentialScopes: 'https://management.azure.com/.default',
    };
  }

  /** Sends a request with a bearer token and an api-version of what the path addresses. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> {
    const url = `${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersionOf(path)}`;
    return send(this.emulator, method, url, { body, ...(headers ? { headers } : {}) });
  }

  /** Sends a PUT and waits until its operation has ended. */
  async put(id: string, body: unknown): Promise<Reply> {
    const answer = await this.send('PUT', id, body);
    if (answer.status >= 300) throw new Error(`PUT ${id}: ${answer.status} ${answer.text}`);
    await this.untilSettled(id);
    return answer;
  }

  /** Waits until a resource is neither being written nor deleted; asks again when it is throttled. Returns the reply to the last GET. */
  async untilSettled(id: string): Promise<Reply> {
    for (;;) {
      const answer = await this.send('GET', id);
      if (answer.status === 429) continue;
      const state = answer.body?.properties?.provisioningState;
      if (
        answer.status === 404 ||
        !['Creating', 'Updating', 'Deleting', 'RegisteringDns', 'ResolvingDNS'].includes(state)
      )
        return answer;
    }
  }

  /** Sends a request to the emulator's control routes. */
  control(method: string, path: string, body?: unknown): Promise<Reply> {
    return send(this.emulator, method, `/_emulator/${path}`, { body });
  }
}

/** An emulator for all tests of a file, started before and stopped after them; with a resource group if named. */
export function useArm(group?: string, options?: Partial<EmulatorOptions>): Arm {
  const arm = new Arm(options, group);
  beforeAll(() => arm.start());
  afterAll(() => arm.stop());
  return arm;
}
