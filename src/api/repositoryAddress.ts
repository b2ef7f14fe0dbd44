import { BlockList, isIPv4 } from 'node:net';

/** The schema's pattern: plain ASCII, no credentials, no query, no IPv6 literal, nothing that a shell could interpret. */
export const repositoryPattern = '^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+/?$';
const pattern = new RegExp(repositoryPattern);

const always = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  // Link-local, with the instance metadata service at 169.254.169.254.
  ['169.254.0.0', 16],
  // The wire server, Azure's channel to each virtual machine.
  ['168.63.129.16', 32],
  ['224.0.0.0', 3],
] as const)
  always.addSubnet(network, prefix, 'ipv4');

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  privateRanges.addSubnet(network, prefix, 'ipv4');

/**
 * The error in the host and port of a model's repository URL, as a sentence that begins with "must"; undefined where there is none, or
 * where the schema's pattern already refuses the URL. The jumpbox checks what the name resolves to (build-image.sh).
 */
export function repositoryAddressError(text: string, allowPrivate: boolean): string | undefined {
  if (!pattern.test(text)) return undefined;
  const { hostname, port } = URL.parse(text) ?? { hostname: '', port: '' };
  if (hostname === '' || port === '0') return 'must have a valid host and a port from 1 to 65535';
  const host = hostname.replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'must not be a loopback address';
  if (!isIPv4(host)) return undefined;
  if (always.check(host)) return `must not be a loopback, link-local or Azure platform address (${host})`;
  if (privateRanges.check(host) && !allowPrivate)
    return `must not be a private address (${host}); MOAT_ALLOW_PRIVATE_REPOSITORIES allows it`;
  // The URL parser also accepts hexadecimal, octal and short spellings, which other programs read differently.
  const spelled = text.slice('https://'.length).split(/[/:]/)[0];
  return spelled === host ? undefined : `must spell the address as ${host}`;
}
