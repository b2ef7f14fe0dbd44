import { isIPv4 } from 'node:net';
import type { ExecResult } from 'just-bash';
import { vmSourceOf } from '../../dataPlane/vmSource.ts';
import { isPrivate } from '../../dataPlane/ipAddresses.ts';
import { lookUp } from '../dnsLookup.ts';
import type { Resolution } from '../../dataPlane/nameResolution.ts';
import type { Machine } from '../machine.ts';
import { parseOptions, UsageError } from '../commandOptions.ts';
import { fail, succeed } from '../tool.ts';

const literal = (name: string): Resolution => ({ names: [name], addresses: [name] });

function resolved(machine: Machine, name: string): Resolution | undefined {
  if (name === 'localhost') return { names: ['localhost'], addresses: ['127.0.0.1'] };
  const found = isIPv4(name) ? literal(name) : lookUp(machine, name);
  return found && found.addresses.length > 0 ? found : undefined;
}

/** Seconds until Linux gives up a connection that nobody answers. */
const connectSeconds = 130;

const services: Record<string, string> = { 22: 'ssh', 53: 'domain', 80: 'http', 443: 'https', 445: 'microsoft-ds' };

/** What comes of opening a TCP connection. A certificate that does not fit is no matter: the connection is open. */
export function connect(
  machine: Machine,
  name: string,
  port: number,
  patience: number,
): 'open' | 'refused' | 'timeout' {
  const { address } = vmSourceOf(machine.cloud, machine.vm);
  if (/^(localhost|127\.)/.test(name) || name === address) return port === 22 ? 'open' : 'refused';
  const fault = machine.unreachable(name, port, patience);
  if (fault === 'timeout') return 'timeout';
  // What is behind a private endpoint or a public name of Azure listens there and nowhere else; packets to other ports are lost.
  if ([80, 443].includes(port) && !(port === 80 && isPrivate(resolved(machine, name)?.addresses[0] ?? '')))
    return 'open';
  machine.pass(patience);
  return 'timeout';
}

/** `nc -zv [-w SECONDS] HOST PORT…`: whether TCP connections can be opened. */
export function nc(machine: Machine, args: string[]): ExecResult {
  const { values, flags, operands } = parseOptions(args, { values: ['-w'], flags: ['-z', '-v', '-n', '-4'] });
  const [name, ...ports] = operands;
  if (!flags.has('-z') || name === undefined || ports.length === 0 || !ports.every((port) => /^\d+$/.test(port)))
    throw new UsageError('only nc -z HOST PORT is emulated');
  const found = resolved(machine, name);
  if (!found) return fail(1, `nc: getaddrinfo for host "${name}" port ${ports[0]}: Name or service not known`);
  const patience = Number(values['-w'] ?? connectSeconds);
  const [address = ''] = found.addresses;
  const shown = name === address ? address : `${name} (${address})`;
  let lines = '';
  let failed = false;
  for (const port of ports) {
    const result = connect(machine, name, Number(port), patience);
    failed ||= result !== 'open';
    const fault =
      result === 'refused'
        ? 'failed: Connection refused'
        : values['-w'] === undefined
          ? 'failed: Connection timed out'
          : 'timed out: Operation now in progress';
    if (result === 'open')
      lines += flags.has('-v') ? `Connection to ${shown} ${port} port [tcp/${services[port] ?? '*'}] succeeded!\n` : '';
    else lines += flags.has('-v') ? `nc: connect to ${shown} port ${port} (tcp) ${fault}\n` : '';
  }
  return { stdout: '', stderr: lines, exitCode: failed ? 1 : 0 };
}

/** `ping [-c COUNT] [-W SECONDS] HOST`. Private endpoints and Azure's NAT answer no ICMP: only the machine itself does. */
export function ping(machine: Machine, args: string[]): ExecResult {
  const { values, flags, operands } = parseOptions(args, {
    values: ['-c', '-W', '-w', '-i', '-s', '-I'],
    flags: ['-n', '-q', '-4', '-v'],
  });
  const [name] = operands;
  if (name === undefined) return fail(1, 'ping: usage error: Destination address required');
  const found = resolved(machine, name);
  if (!found) return fail(2, `ping: ${name}: Name or service not known`);
  const [address = ''] = found.addresses;
  const title = found.names.at(-1) ?? name;
  const self = address.startsWith('127.') || address === vmSourceOf(machine.cloud, machine.vm).address;
  // Without a count it runs until somebody stops it.
  const deadline = Number(values['-w'] ?? Infinity);
  const count = Math.min(Number(values['-c'] ?? Infinity), deadline);
  if (count === Infinity) machine.pass(Number.MAX_SAFE_INTEGER);
  const seconds = count - 1 + (self ? 0 : Number(values['-W'] ?? 10));
  machine.pass(Math.min(seconds, deadline));
  const head = `PING ${title} (${address}) 56(84) bytes of data.\n`;
  const replies = Array.from(
    { length: self && !flags.has('-q') ? count : 0 },
    (_, index) => `64 bytes from ${title} (${address}): icmp_seq=${index + 1} ttl=64 time=0.030 ms\n`,
  ).join('');
  const total = (count - 1) * 1024;
  const tail = `\n--- ${title} ping statistics ---\n${count} packets transmitted, ${self ? count : 0} received, ${self ? 0 : 100}% packet loss, time ${total}ms\n`;
  if (!self) return { stdout: `${head}${tail}\n`, stderr: '', exitCode: 1 };
  return succeed(`${head}${replies}${tail}rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms\n`);
}
