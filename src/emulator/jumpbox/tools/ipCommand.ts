import { createHash } from 'node:crypto';
import type { ExecResult } from 'just-bash';
import { listAt, textAt } from '../../dataPlane/jsonPath.ts';
import { isInBlock } from '../../dataPlane/ipAddresses.ts';
import { vmSourceOf } from '../../dataPlane/vmSource.ts';
import type { Machine } from '../machine.ts';
import { fail, succeed } from '../tool.ts';

/** The machine's one interface beside the loopback. */
interface Interface {
  address: string;
  bits: number;
  /** the first address of the subnet's block, its gateway and its broadcast address */
  network: string;
  gateway: string;
  broadcast: string;
  mac: string;
}

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function interfaceOf({ cloud, vm }: Machine): Interface {
  const { address, subnet, networkInterface } = vmSourceOf(cloud, vm);
  const blocks = [
    textAt(subnet.properties, 'addressPrefix'),
    ...listAt(subnet.properties, 'addressPrefixes').map(String),
  ];
  const block = blocks.find((one) => one !== '' && isInBlock(address, one)) ?? `${address}/24`;
  const bits = Number(block.split('/')[1]);
  const size = 2 ** (32 - bits);
  const first = Math.floor(numberOf(address) / size) * size;
  const digest = createHash('sha256').update(networkInterface.id.toLowerCase()).digest('hex');
  return {
    address,
    bits,
    network: dotted(first),
    gateway: dotted(first + 1),
    broadcast: dotted(first + size - 1),
    // Azure's own range of hardware addresses.
    mac: `00:0d:3a:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`,
  };
}

const forever = '       valid_lft forever preferred_lft forever';

const loopback = [
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
  '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
  '    inet 127.0.0.1/8 scope host lo',
  forever,
  '    inet6 ::1/128 scope host noprefixroute ',
  forever,
];

const ethernet = ({ address, bits, broadcast, mac }: Interface): string[] => [
  '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
  `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
  `    inet ${address}/${bits} metric 100 brd ${broadcast} scope global eth0`,
  forever,
];

function addresses(machine: Machine, options: string[], device: string | undefined): ExecResult {
  const eth0 = interfaceOf(machine);
  const all: Record<string, string[]> = { lo: loopback, eth0: ethernet(eth0) };
  if (device !== undefined && all[device] === undefined) return fail(1, `Device "${device}" does not exist.`);
  const wanted = Object.entries(all).filter(([name]) => device === undefined || name === device);
  if (options.some((option) => /^-br(ief)?$/.test(option))) {
    const brief: Record<string, string> = {
      lo: 'lo               UNKNOWN        127.0.0.1/8 ::1/128 ',
      eth0: `eth0             UP             ${eth0.address}/${eth0.bits} metric 100 `,
    };
    return succeed(wanted.map(([name]) => `${brief[name]}\n`).join(''));
  }
  const four = options.includes('-4');
  const lines = wanted.flatMap(([, text]) =>
    text.filter((line, index) => !four || (!/inet6|link\//.test(line) && !/inet6/.test(text[index - 1] ?? ''))),
  );
  return succeed(`${lines.join('\n')}\n`);
}

function routes(machine: Machine): string[] {
  const { address, bits, network, gateway } = interfaceOf(machine);
  const by = `via ${gateway} dev eth0 proto dhcp src ${address} metric 100 `;
  return [
    `default ${by}`,
    `168.63.129.16 ${by}`,
    `169.254.169.254 ${by}`,
    `${network}/${bits} dev eth0 proto kernel scope link src ${address} metric 100 `,
    `${gateway} dev eth0 proto dhcp scope link src ${address} metric 100 `,
  ];
}

function routeTo(machine: Machine, target: string | undefined): ExecResult {
  if (target === undefined || !/^\d+(\.\d+){3}$/.test(target))
    return fail(1, `Error: any valid prefix is expected rather than "${target ?? ''}".`);
  const { address, bits, network, gateway } = interfaceOf(machine);
  const via = isInBlock(target, `${network}/${bits}`) ? '' : `via ${gateway} `;
  return succeed(`${target} ${via}dev eth0 src ${address} uid 0 \n    cache \n`);
}

/** `ip [-4] [-br] addr|route|link|neigh`: what it shows; it changes nothing. */
export function ip(machine: Machine, args: string[]): ExecResult {
  const options = args.filter((arg) => arg.startsWith('-'));
  const [object = '', ...rest] = args.filter((arg) => !arg.startsWith('-'));
  const [verb = 'show', ...names] = rest;
  const named = (full: string, least: number): boolean => object.length >= least && full.startsWith(object);
  const device =
    names.filter((name) => name !== 'dev')[0] ?? (/^(show|list|ls|get|dev)$/.test(verb) ? undefined : verb);
  if (named('address', 1)) return addresses(machine, options, device);
  if (named('route', 1) && verb === 'get') return routeTo(machine, names[0]);
  if (named('route', 1) && /^(show|list|ls)$/.test(verb)) return succeed(`${routes(machine).join('\n')}\n`);
  if (named('link', 1) && /^(show|list|ls)$/.test(verb)) {
    const lines = [...loopback, ...ethernet(interfaceOf(machine))].filter((line) => /^\d|link\//.test(line));
    return succeed(`${lines.join('\n')}\n`);
  }
  return fail(255, `Object "${object}" is unknown, try "ip help".`);
}
