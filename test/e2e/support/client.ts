import { runLimitMs as defaultRunLimitMs, until } from './until.ts';

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
    image?: {
      image: string | null;
      commit: string;
      baseImages: { name: string; digest: string; movedTo: string | null }[];
    };
    score?: { status: number; body: unknown; latencyMs: number };
    proof?: { complete: boolean; rows: { check: string; verdict: string; observed: string }[] };
    removed?: { id: string; proof: string }[];
    remaining?: string[];
    blockers?: { resource: string; reason: string; command: string }[];
  } | null;
  outputs: { scoringUri?: string; workspaceId?: string };
  lease: { expiresAt: string; protected: boolean };
  spec: Record<string, unknown>;
}

/** A client of the HTTP API. `apiKey` is sent as bearer token; a run may take `runLimitMs`. */
export function createClient(url: string, apiKey?: string, runLimitMs = defaultRunLimitMs) {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(method, path, body === undefined ? undefined : JSON.stringify(body), headers);

  /** Sends a body as it is; `call` sends a value as JSON. */
  async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : parsed(text),
    };
  }
  const get = async (name: string): Promise<Environment> =>
    (await call('GET', `/environments/${name}`)).body as Environment;

  /** Reads an environment's server-sent events until the stream ends. */
  async function events(
    name: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; events: { id: string; event: string; data: Environment }[] }> {
    const response = await fetch(`${url}/environments/${name}/events`, {
      headers: {
        accept: 'text/event-stream',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        ...headers,
      },
    });
    return { status: response.status, events: eventsIn(await response.text()) };
  }

  /** Waits until the environment is in one of these states. Throws with the last answer when it does not get there. */
  async function untilState(name: string, ...states: string[]): Promise<Environment> {
    let last: Environment | undefined;
    try {
      return await until(
        `${name} is ${states.join(' or ')}`,
        async () => {
          last = await get(name);
          return states.includes(last.state) && last;
        },
        runLimitMs,
      );
    } catch (error) {
      throw new Error(JSON.stringify(last, undefined, 1), { cause: error });
    }
  }

  return {
    call,
    send,
    events,
    get,
    /** Deletes an environment, where there is one, and waits for its end. */
    async remove(name: string): Promise<void> {
      const { status } = await call('DELETE', `/environments/${name}`);
      if (status === 202) await untilState(name, 'deleted', 'blocked');
    },
    create: (body: object) => call('POST', '/environments', body),
    until: untilState,
  };
}

export type MoatClient = ReturnType<typeof createClient>;

/** JSON where it is, else the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function eventsIn(stream: string): { id: string; event: string; data: Environment }[] {
  return stream.split('\n\n').flatMap((block) => {
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
    return fields['data']
      ? [{ id: fields['id'] ?? '', event: fields['event'] ?? '', data: JSON.parse(fields['data']) as Environment }]
      : [];
  });
}
