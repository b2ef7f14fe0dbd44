import type { Environment } from '../../e2e/support/client.ts';
import { until } from '../../e2e/support/until.ts';

/** A request that was answered with an error, or not at all. */
interface Failure {
  request: string;
  status: number | string;
}

const pauseMs = 50;
const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, pauseMs));

/**
 * Reads environments one after the other, and follows the events of each by streams that resume where they broke, as a browser does.
 */
export function startTraffic(url: string, apiKey: string, names: readonly string[]) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const authorization = `Bearer ${apiKey}`;
  const failures: Failure[] = [];
  const last = new Map<string, { id: string; environment: Environment }>();

  async function read(name: string): Promise<void> {
    const request = `GET /environments/${name}`;
    try {
      const { status } = await fetch(`${url}/environments/${name}`, { headers: { authorization }, signal });
      if (status !== 200) failures.push({ request, status });
    } catch (error) {
      if (!signal.aborted) failures.push({ request, status: (error as Error).message });
    }
  }
  async function readAll(): Promise<void> {
    for (let index = 0; !signal.aborted; index += 1) {
      await read(names[index % names.length]!);
      await pause();
    }
  }

  async function followOnce(name: string): Promise<void> {
    const lastId = last.get(name)?.id;
    const headers = { authorization, accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
    const response = await fetch(`${url}/environments/${name}/events`, { headers, signal });
    if (response.status !== 200) return;
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const [, id] = /^id: ?(.*)$/m.exec(block) ?? [];
        const [, data] = /^data: ?(.*)$/m.exec(block) ?? [];
        if (id && data) last.set(name, { id, environment: JSON.parse(data) as Environment });
      }
    }
  }
  async function follow(name: string): Promise<void> {
    for (; !signal.aborted; await pause()) await followOnce(name).catch(() => undefined);
  }

  const running = Promise.all([readAll(), ...names.map(follow)]);
  return {
    failures: (): readonly Failure[] => [...failures],
    /** Waits until the newest event of every environment is as described. */
    untilLastEvent: (isExpected: (environment: Environment) => boolean) =>
      until('every stream has delivered its last event', async () =>
        names.every((name) => last.has(name) && isExpected(last.get(name)!.environment)),
      ),
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
