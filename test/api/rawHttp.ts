import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { App } from '../../src/api/route.ts';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Listens on a free port of loopback, and returns the port. */
export async function listen(app: App): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Sends bytes as they are and reads until the server closes the connection; `finish` closes our side once all is sent. */
export async function sendRaw(port: number, bytes: string | Buffer, finish = false): Promise<RawAnswer[]> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses a request may close before it has read all of it.
  socket.on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  if (finish) socket.end(bytes);
  else socket.write(bytes);
  await closed;
  return parseAnswers(Buffer.concat(chunks));
}

/** The final answers on a connection: each with its length or in chunks, or up to the end. */
function parseAnswers(bytes: Buffer): RawAnswer[] {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return [];
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(statusLine)?.[1]);
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = bytes.subarray(end + 4);
  if (status < 200) return parseAnswers(rest);
  // The answer to HEAD has a length and no body.
  const noBody = rest.subarray(0, 5).toString() === 'HTTP/';
  const length = noBody ? 0 : Number(headers['content-length'] ?? rest.length);
  return [{ status, headers, body: rest.subarray(0, length).toString() }, ...parseAnswers(rest.subarray(length))];
}
