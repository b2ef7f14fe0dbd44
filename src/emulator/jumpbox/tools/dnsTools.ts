import { isIPv4 } from 'node:net';
import type { ExecResult } from 'just-bash';
import { localResolver, lookUp } from '../dnsLookup.ts';
import type { Resolution } from '../../dataPlane/nameResolution.ts';
import type { Machine } from '../machine.ts';
import { ubuntuReleaseOf } from '../ubuntuRelease.ts';
import { parseOptions, UsageError } from '../commandOptions.ts';
import { fail, succeed } from '../tool.ts';

/** Seconds that a client waits for a server: three tries of five. */
const patience = 15;

const last = ({ names }: Resolution): string => names.at(-1) ?? '';

/** Pairs of a name and its alias. */
const aliasesOf = ({ names }: Resolution): [string, string][] =>
  names.slice(1).map((alias, index) => [names[index] ?? '', alias]);

/** `nslookup NAME [SERVER]`. */
export function nslookup(machine: Machine, args: string[]): ExecResult {
  const { operands } = parseOptions(
    args.filter((arg) => !/^-(type|query|q)=a$/i.test(arg)),
    {},
  );
  const [name, server = localResolver] = operands;
  if (name === undefined) throw new UsageError('a name is needed');
  const found = lookUp(machine, name, server);
  if (found === undefined) {
    machine.pass(patience);
    const line = `;; communications error to ${server}#53: timed out\n`;
    return { stdout: `${line.repeat(3)};; no servers could be reached\n\n`, stderr: '', exitCode: 1 };
  }
  const head = `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
  if (found.addresses.length === 0)
    return { stdout: `${head}** server can't find ${name}: NXDOMAIN\n\n`, stderr: '', exitCode: 1 };
  const aliases = aliasesOf(found).map(([from, to]) => `${from}\tcanonical name = ${to}.\n`);
  const addresses = found.addresses.map((address) => `Name:\t${last(found)}\nAddress: ${address}\n`);
  return succeed(`${head}Non-authoritative answer:\n${[...aliases, ...addresses].join('')}\n`);
}

/** `host NAME [SERVER]`. */
export function host(machine: Machine, args: string[]): ExecResult {
  const { operands } = parseOptions(args, { values: ['-t', '-W'], flags: ['-4'] });
  const [name, server] = operands;
  if (name === undefined) throw new UsageError('a name is needed');
  const found = lookUp(machine, name, server);
  if (found === undefined) {
    machine.pass(patience);
    return { stdout: ';; connection timed out; no servers could be reached\n', stderr: '', exitCode: 1 };
  }
  if (found.addresses.length === 0) return { stdout: `Host ${name} not found: 3(NXDOMAIN)\n`, stderr: '', exitCode: 1 };
  const aliases = aliasesOf(found).map(([from, to]) => `${from} is an alias for ${to}.\n`);
  return succeed([...aliases, ...found.addresses.map((at) => `${last(found)} has address ${at}\n`)].join(''));
}

/** The sections of dig's long answer. */
function digAnswer(machine: Machine, name: string, server: string, found: Resolution): string {
  const missing = found.addresses.length === 0;
  const rows = missing
    ? []
    : [
        ...aliasesOf(found).map(([from, to]) => `${from}.\t60\tIN\tCNAME\t${to}.`),
        ...found.addresses.map((address) => `${last(found)}.\t10\tIN\tA\t${address}`),
      ];
  const when = new Date(machine.now)
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4');
  return [
    '',
    `; <<>> DiG ${ubuntuReleaseOf(machine.vm).dig} <<>> ${name}`,
    ';; global options: +cmd',
    ';; Got answer:',
    `;; ->>HEADER<<- opcode: QUERY, status: ${missing ? 'NXDOMAIN' : 'NOERROR'}, id: 4242`,
    `;; flags: qr rd ra; QUERY: 1, ANSWER: ${rows.length}, AUTHORITY: 0, ADDITIONAL: 1`,
    '',
    ';; OPT PSEUDOSECTION:',
    '; EDNS: version: 0, flags:; udp: 65494',
    ';; QUESTION SECTION:',
    `;${name.replace(/\.$/, '')}.\t\tIN\tA`,
    '',
    ...(rows.length > 0 ? [';; ANSWER SECTION:', ...rows, ''] : []),
    ';; Query time: 4 msec',
    `;; SERVER: ${server}#53(${server}) (UDP)`,
    `;; WHEN: ${when}`,
    ';; MSG SIZE  rcvd: 128',
    '',
    '',
  ].join('\n');
}

/** `dig [@SERVER] NAME [A] [+short] [+noall +answer]`: addresses only. */
export function dig(machine: Machine, args: string[]): ExecResult {
  const switches = args.filter((arg) => arg.startsWith('+')).map((arg) => arg.toLowerCase());
  const known = /^\+(short|noall|answer|noanswer|nocomments|nostats|nocmd|noquestion|(time|tries|timeout|retry)=\d+)$/;
  const strange = switches.find((one) => !known.test(one));
  if (strange !== undefined) return fail(1, `Invalid option: ${strange}`);
  const server = args.find((arg) => arg.startsWith('@'))?.slice(1) ?? localResolver;
  const { operands } = parseOptions(
    args.filter((arg) => !/^[@+]/.test(arg)),
    { values: ['-t'], flags: ['-4'] },
  );
  const [name, type = 'A'] = operands.filter((operand) => operand.toUpperCase() !== 'IN');
  if (name === undefined || type.toUpperCase() !== 'A')
    throw new UsageError('only questions for A records are emulated');
  const found = lookUp(machine, name, server);
  if (found === undefined) {
    machine.pass(patience);
    const line = `;; communications error to ${server}#53: timed out\n`;
    return { stdout: `${line.repeat(3)}\n;; no servers could be reached\n`, stderr: '', exitCode: 9 };
  }
  if (switches.includes('+short')) {
    const aliases = found.names.slice(1).map((alias) => `${alias}.`);
    return succeed([...aliases, ...found.addresses].map((line) => `${line}\n`).join(''));
  }
  const text = digAnswer(machine, name, server, found);
  if (!switches.includes('+noall')) return succeed(text);
  const rows = text.split('\n').filter((line) => /^[^;\s].*\tIN\t/.test(line));
  return succeed(rows.map((line) => `${line}\n`).join(''));
}

/** `getent hosts|ahosts|ahostsv4|passwd KEY`: what the machine's name services return. */
export function getent(machine: Machine, args: string[]): ExecResult {
  const [database = '', name = ''] = args;
  if (database === 'passwd' && ['root', '0'].includes(name)) return succeed('root:x:0:0:root:/root:/bin/bash\n');
  if (database === 'passwd') return { stdout: '', stderr: '', exitCode: 2 };
  if (!['hosts', 'ahosts', 'ahostsv4'].includes(database)) return fail(1, `Unknown database: ${database}`);
  if (name === 'localhost') return succeed('127.0.0.1       localhost\n');
  const found = isIPv4(name) ? { names: [name], addresses: [name] } : lookUp(machine, name);
  if (!found || found.addresses.length === 0) return { stdout: '', stderr: '', exitCode: 2 };
  if (database === 'hosts') {
    const names = [last(found), ...found.names.slice(0, -1)].join(' ');
    return succeed(found.addresses.map((address) => `${address.padEnd(15)} ${names}\n`).join(''));
  }
  const lines = found.addresses.flatMap((address) =>
    ['STREAM', 'DGRAM', 'RAW'].map((kind) => `${address.padEnd(15)} ${kind} ${kind === 'STREAM' ? last(found) : ''}`),
  );
  return succeed(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);
}
