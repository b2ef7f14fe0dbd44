import { until } from './moat.ts';

export interface Environment {
  name: string;
  state: string;
  steps: {
    id: string;
    state: string;
    reason: string | null;
    message: string | null;
    since: string | null;
    finishedAt: string | null;
    attempt: number;
    resources: { id: string; state: string }[];
  }[];
  run: { id: string; kind: string } | null;
  failure: {
    step: string;
    type: string;
    code: string;
    message: string;
    remedy: string;
    correlationId: string | null;
  } | null;
  receipt: {
    score?: { status: number; body: unknown; latencyMs: number };
    proof?: { check: string; verdict: string; observed: string }[];
    removed?: { id: string; proof: string }[];
    remaining?: string[];
    blockers?: { resource: string; reason: string; command: string }[];
  } | null;
  outputs: { scoringUri?: string; workspaceId?: string };
  lease: { expiresAt: string };
  spec: Record<string, unknown>;
}

/** What a user does with curl. */
export function clientOf(url: string) {
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }
  const get = async (name: string): Promise<Environment> =>
    (await call('GET', `/environments/${name}`)).body as Environment;

  return {
    call,
    get,
    create: (body: object) => call('POST', '/environments', body),
    /** Waits until the environment is in one of these states; says what it is instead. */
    async until(name: string, ...states: string[]): Promise<Environment> {
      let last: Environment | undefined;
      try {
        return await until(`${name} is ${states.join(' or ')}`, async () => {
          last = await get(name);
          return states.includes(last.state) && last;
        });
      } catch (error) {
        throw new Error(JSON.stringify(last, undefined, 1), { cause: error });
      }
    },
  };
}

/** Reads server-sent events until the stream ends. */
export async function events(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; seen: { id: string; event: string; data: Environment }[] }> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } });
  const seen = (await response.text()).split('\n\n').flatMap((block) => {
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
    return fields['data']
      ? [{ id: fields['id'] ?? '', event: fields['event'] ?? '', data: JSON.parse(fields['data']) as Environment }]
      : [];
  });
  return { status: response.status, seen };
}
