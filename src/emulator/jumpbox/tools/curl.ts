import { isIPv4 } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { decodeBytesToUtf8 } from 'just-bash';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { HttpExchange, HttpReply, HttpRequest, NetworkError } from '../../dataPlane/httpExchange.ts';
import { lookUp } from '../dnsLookup.ts';
import type { Machine } from '../machine.ts';
import { ubuntuReleaseOf } from '../ubuntuRelease.ts';
import { containerAnswer } from './dockerRun.ts';
import { parseOptions } from '../commandOptions.ts';
import type { Options } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

const known = {
  values: [
    '-m|--max-time',
    '-o|--output',
    '-X|--request',
    '-H|--header',
    '--data-raw|-d|--data',
    '--data-binary',
    '-w|--write-out',
    '-A|--user-agent',
    '--connect-timeout',
  ],
  flags: [
    '-s|--silent',
    '-S|--show-error',
    '-f|--fail',
    '-L|--location',
    '-I|--head',
    '-i|--include',
    '-k|--insecure',
    '-v|--verbose',
    '-4|--ipv4',
    '-V|--version',
  ],
};

/** Seconds until Linux gives up a connection that nobody answers. */
const connectSeconds = 130;

async function readReference(machine: Machine, reference: string, context: ResolvedCommandContext): Promise<string> {
  if (reference === '-') return decodeBytesToUtf8(context.stdin);
  return machine.fs.readFile(machine.fs.resolvePath(context.cwd, reference));
}

async function headersOf(
  machine: Machine,
  values: string[],
  context: ResolvedCommandContext,
): Promise<Record<string, string>> {
  const lines: string[] = [];
  for (const one of values) {
    if (one.startsWith('@')) lines.push(...(await readReference(machine, one.slice(1), context)).split('\n'));
    else lines.push(one);
  }
  const pairs = lines
    .filter((line) => line.includes(':'))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
  return Object.fromEntries(pairs);
}

/** Exit code and message of curl for a request that got no answer. */
function failure(fault: NetworkError, url: URL, values: Record<string, string>): [number, string] {
  const milliseconds = patienceOf(values) * 1000;
  const place = `${url.hostname} port ${portOf(url)} after`;
  const gaveUp = values['--connect-timeout'] === undefined ? "Couldn't connect to server" : 'Timeout was reached';
  const failures: Record<NetworkError, [number, string]> = {
    nxdomain: [6, `Could not resolve host: ${url.hostname}`],
    refused: [7, `Failed to connect to ${place} 1 ms: Couldn't connect to server`],
    timeout: [
      28,
      values['--max-time'] === undefined
        ? `Failed to connect to ${place} ${milliseconds} ms: ${gaveUp}`
        : `Connection timed out after ${milliseconds} milliseconds`,
    ],
    certificate: [60, `SSL: no alternative certificate subject name matches target host name '${url.hostname}'`],
  };
  return failures[fault];
}

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'http:' ? 80 : 443));

/** What `--verbose` prints of the connection, before the answer. */
function connectionLog(machine: Machine, url: URL, exchange: HttpExchange): string {
  const [address] = exchange.addresses;
  if (address === undefined) return `* Could not resolve host: ${url.hostname}\n`;
  const names = isIPv4(url.hostname) ? [] : (lookUp(machine, url.hostname)?.addresses ?? [address]);
  const resolved =
    names.length > 0 ? `* Host ${url.hostname}:${portOf(url)} was resolved.\n* IPv4: ${names.join(', ')}\n` : '';
  const trying = `${resolved}*   Trying ${address}:${portOf(url)}...\n`;
  if ('fault' in exchange && exchange.fault !== 'certificate') return trying;
  return `${trying}* Connected to ${url.hostname} (${address}) port ${portOf(url)}\n`;
}

const headersText = ({ status, headers, body }: HttpReply): string => {
  const length = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(length).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
};

/** The URL as curl reads it: without a scheme it is HTTP. */
const urlOf = (target: string): URL | undefined => {
  const text = /^[a-z]+:\/\//i.test(target) ? target : `http://${target}`;
  return URL.canParse(text) ? new URL(text) : undefined;
};

function writeOut(format: string, values: Record<string, string | number>): string {
  return format
    .replaceAll(/%\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
    .replaceAll(String.raw`\n`, '\n');
}

/** A browser follows so many redirections, curl fifty; here no chain is longer than one. */
const mostRedirections = 5;

/** The request that the options describe. */
async function requestOf(
  machine: Machine,
  { values, repeated, flags }: Options,
  context: ResolvedCommandContext,
): Promise<Omit<HttpRequest, 'url'>> {
  const data = values['--data-binary'] ?? values['--data'];
  const body = data?.startsWith('@') ? await readReference(machine, data.slice(1), context) : (data ?? '');
  const method = values['--request'] ?? (flags.has('--head') ? 'HEAD' : data === undefined ? 'GET' : 'POST');
  return { method, headers: await headersOf(machine, repeated['--header'] ?? [], context), body };
}

/** Sends a request, and with `--location` those that it is redirected to. */
function send(
  machine: Machine,
  url: URL,
  { values, flags }: Options,
  request: Omit<HttpRequest, 'url'>,
): { url: URL; exchange: HttpExchange } {
  let target = url;
  for (let count = 0; ; count += 1) {
    const exchange = machine.request({ ...request, url: target.href }, patienceOf(values));
    // Without a check of the certificate the service at that address answers: it does not know the name.
    const insecure = flags.has('--insecure') && 'fault' in exchange && exchange.fault === 'certificate';
    if (insecure)
      return { url: target, exchange: { addresses: exchange.addresses, status: 400, headers: {}, body: '' } };
    const location = 'fault' in exchange ? undefined : exchange.headers['location'];
    if (!flags.has('--location') || location === undefined || count === mostRedirections)
      return { url: target, exchange };
    target = new URL(location, target);
  }
}

const patienceOf = (values: Record<string, string>): number =>
  Number(values['--max-time'] ?? values['--connect-timeout'] ?? connectSeconds);

/** What the command prints of an answer, in its place. */
async function printAnswer(
  machine: Machine,
  { values, flags }: Options,
  reply: HttpReply,
  context: ResolvedCommandContext,
): Promise<string> {
  const head = flags.has('--head');
  const text = `${head || flags.has('--include') ? headersText(reply) : ''}${head ? '' : reply.body}`;
  const output = values['--output'];
  if (output === undefined || output === '-') return text;
  if (output !== '/dev/null') await machine.fs.writeFile(machine.fs.resolvePath(context.cwd, output), text);
  return '';
}

/** `curl` for one URL. */
export async function curl(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const options = parseOptions(args, known);
  const { values, flags, operands } = options;
  if (flags.has('--version')) return succeed(`curl ${ubuntuReleaseOf(machine.vm).curl} (x86_64-pc-linux-gnu)\n`);
  const [target] = operands;
  if (target === undefined || operands.length > 1) return fail(2, 'curl: (2) no URL specified');
  const asked = urlOf(target);
  if (asked === undefined) return fail(3, 'curl: (3) URL rejected: Malformed input to a URL function');
  const began = machine.elapsedSeconds;
  const request = await requestOf(machine, options, context);
  const local = await containerAnswer(machine, asked, request);
  const { url, exchange } = local
    ? { url: asked, exchange: { addresses: [asked.hostname], headers: {}, ...local } as HttpExchange }
    : send(machine, asked, options, request);
  const answered = 'fault' in exchange ? undefined : exchange;
  const status = answered?.status ?? 0;
  const connected = !('fault' in exchange) || exchange.fault === 'certificate';
  const report = writeOut(values['--write-out'] ?? '', {
    http_code: String(status).padStart(3, '0'),
    response_code: String(status).padStart(3, '0'),
    time_total: (machine.elapsedSeconds - began).toFixed(6),
    remote_ip: connected ? (exchange.addresses[0] ?? '') : '',
    remote_port: connected ? portOf(url) : 0,
    content_type: answered?.headers['content-type'] ?? '',
    size_download: Buffer.byteLength(answered?.body ?? ''),
    url_effective: url.href,
  });
  const verbose = flags.has('--verbose') ? connectionLog(machine, url, exchange) : '';
  const silent = flags.has('--silent') && !flags.has('--show-error');
  const failed = (exitCode: number, message: string): ExecResult => ({
    stdout: report,
    stderr: `${verbose}${silent ? '' : `curl: (${exitCode}) ${message}\n`}`,
    exitCode,
  });
  if ('fault' in exchange) return failed(...failure(exchange.fault, url, values));
  if (flags.has('--fail') && status >= 400) return failed(22, `The requested URL returned error: ${status}`);
  const sent = `> ${flags.has('--head') ? 'HEAD' : 'GET'} ${url.pathname} HTTP/1.1\n> Host: ${url.host}\n> \n`;
  const received = headersText(exchange).replaceAll('\r', '').replaceAll(/^/gm, '< ').replace(/< $/, '');
  const printed = await printAnswer(machine, options, exchange, context);
  return { stdout: printed + report, stderr: verbose && `${verbose}${sent}${received}`, exitCode: 0 };
}
