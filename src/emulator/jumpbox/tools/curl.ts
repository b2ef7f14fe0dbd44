import { decodeBytesToUtf8 } from 'just-bash';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { HttpExchange, NetworkError } from '../../dataPlane/httpExchange.ts';
import type { Machine } from '../machine.ts';
import { containerAnswer } from './dockerRun.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

const known = {
  values: [
    '-m|--max-time',
    '-o|--output',
    '-X|--request',
    '-H|--header',
    '-d|--data',
    '--data-binary',
    '-w|--write-out',
    '--connect-timeout',
  ],
  flags: ['-s|--silent', '-S|--show-error', '-f|--fail', '-L|--location'],
};

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
function failure(fault: NetworkError, url: URL, patience: number): [number, string] {
  const port = url.port || 443;
  const failures: Record<NetworkError, [number, string]> = {
    nxdomain: [6, `Could not resolve host: ${url.hostname}`],
    refused: [7, `Failed to connect to ${url.hostname} port ${port} after 1 ms: Couldn't connect to server`],
    timeout: [28, `Connection timed out after ${patience * 1000} milliseconds`],
    certificate: [60, `SSL: no alternative certificate subject name matches target host name '${url.hostname}'`],
  };
  return failures[fault];
}

/** `curl` for one URL. */
export async function curl(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const { values, repeated, flags, operands } = parseOptions(args, known);
  const [target] = operands;
  if (target === undefined || operands.length > 1) return fail(2, 'curl: (2) no URL specified');
  const patience = Number(values['--max-time'] ?? values['--connect-timeout'] ?? 130);
  const data = values['--data-binary'] ?? values['--data'];
  const body = data?.startsWith('@') ? await readReference(machine, data.slice(1), context) : (data ?? '');
  const began = machine.elapsedSeconds;
  const url = new URL(target);
  const local = containerAnswer(machine, url.hostname);
  const exchange: HttpExchange = local
    ? { addresses: [url.hostname], headers: {}, ...local }
    : machine.request(
        {
          url: target,
          method: values['--request'] ?? (data === undefined ? 'GET' : 'POST'),
          headers: await headersOf(machine, repeated['--header'] ?? [], context),
          body,
        },
        patience,
      );
  const report = (status: number): string =>
    (values['--write-out'] ?? '')
      .replaceAll('%{http_code}', String(status).padStart(3, '0'))
      .replaceAll('%{time_total}', (machine.elapsedSeconds - began).toFixed(6))
      .replaceAll(String.raw`\n`, '\n');
  const silent = flags.has('--silent') && !flags.has('--show-error');
  if ('fault' in exchange) {
    const [exitCode, message] = failure(exchange.fault, url, patience);
    return { stdout: report(0), stderr: silent ? '' : `curl: (${exitCode}) ${message}\n`, exitCode };
  }
  if (flags.has('--fail') && exchange.status >= 400) {
    const stderr = silent ? '' : `curl: (22) The requested URL returned error: ${exchange.status}\n`;
    return { stdout: report(exchange.status), stderr, exitCode: 22 };
  }
  const output = values['--output'];
  if (output === undefined) return succeed(exchange.body + report(exchange.status));
  if (output !== '/dev/null') await machine.fs.writeFile(machine.fs.resolvePath(context.cwd, output), exchange.body);
  return succeed(report(exchange.status));
}
