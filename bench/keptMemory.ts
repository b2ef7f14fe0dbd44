import { setTimeout as sleep } from 'node:timers/promises';

/** Where Node.js opens its inspector after SIGUSR1: one process at a time. */
const inspector = 'http://127.0.0.1:9229/json';

interface Message {
  id?: number;
  method?: string;
  params?: { sessionId: string; message?: string };
  result?: { usedSize: number; backingStorageSize: number; result: { value: unknown } };
}
type Send = (method: string, params?: object) => Promise<Message>;

async function addressOf(pid: number, signal: AbortSignal): Promise<string> {
  process.kill(pid, 'SIGUSR1');
  for (;;) {
    const answer = await fetch(inspector).catch(() => undefined);
    if (answer) return ((await answer.json()) as { webSocketDebuggerUrl: string }[])[0]!.webSocketDebuggerUrl;
    await sleep(50, undefined, { signal });
  }
}

/** Sends the commands of one session, and takes its answers. */
function createSession(transmit: (text: string) => void) {
  const waiting = new Map<number, (answer: Message) => void>();
  let last = 0;
  const send: Send = (method, params = {}) =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      transmit(JSON.stringify({ id: last, method, params }));
    });
  return { send, answer: (message: Message) => waiting.get(message.id!)?.(message) };
}

/** KB of heap and buffers of one thread after a collection. Twice: the first one finds what finalizers released. */
async function keptBy(send: Send): Promise<number> {
  await send('HeapProfiler.collectGarbage');
  await send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = (await send('Runtime.getHeapUsage')).result!;
  return (usedSize + backingStorageSize) / 1024;
}

/**
 * KB that all threads of a Node.js process keep, after a collection of garbage, in JavaScript: heaps and buffers. The process must not have an
 * inspector yet. Throws when another process has Node.js's port for inspectors.
 */
export async function openKeptMemory(pid: number, signal: AbortSignal): Promise<() => Promise<number>> {
  const socket = new WebSocket(await addressOf(pid, signal));
  const main = createSession((text) => socket.send(text));
  const threads = new Map<string, ReturnType<typeof createSession>>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    const { sessionId, message: inner } = message.params ?? {};
    if (message.method === 'NodeWorker.attachedToWorker')
      threads.set(
        sessionId!,
        createSession((text) => void main.send('NodeWorker.sendMessageToWorker', { sessionId, message: text })),
      );
    else if (message.method === 'NodeWorker.receivedMessageFromWorker')
      threads.get(sessionId!)?.answer(JSON.parse(inner!) as Message);
    else main.answer(message);
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const inspected = await main.send('Runtime.evaluate', { expression: 'process.pid' });
  if (inspected.result!.result.value !== pid) throw new Error(`${inspector} is of another process; end its inspector`);
  await main.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return async () => {
    let kept = 0;
    for (const { send } of [main, ...threads.values()]) kept += await keptBy(send);
    return kept;
  };
}
