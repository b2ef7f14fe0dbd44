import { beforeEach, describe, expect, test } from 'vitest';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { isolatedCloud, storageAccount } from './isolatedCloud.ts';
import type { IsolatedCloud } from './isolatedCloud.ts';

let isolated: IsolatedCloud;
beforeEach(() => {
  isolated = isolatedCloud();
});

const shell = (script: string, timeoutSeconds = 600) =>
  runScript(isolated.cloud, isolated.vm, { script, parameters: [], timeoutSeconds });

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** What a script prints, each stream without the blank lines, and its exit code. */
async function typed(script: string): Promise<{ out: string[]; err: string[]; exitCode: number; seconds: number }> {
  const { output, error, exitCode, elapsedSeconds } = await shell(script);
  return { out: lines(output), err: lines(error), exitCode, seconds: elapsedSeconds };
}

const blob = `${storageAccount}.blob.core.windows.net`;
const alias = `${storageAccount}.privatelink.blob.core.windows.net`;

describe('names', () => {
  test.each([
    [`nslookup ${blob}`, [`${blob}\tcanonical name = ${alias}.`, `Name:\t${alias}`, 'Address: 192.168.0.4']],
    [`dig +short ${blob}`, [`${alias}.`, '192.168.0.4']],
    [`dig ${blob} A`, [`${alias}.\t10\tIN\tA\t192.168.0.4`, ';; SERVER: 127.0.0.53#53(127.0.0.53) (UDP)']],
    [`dig @168.63.129.16 +noall +answer ${blob}`, [`${alias}.\t10\tIN\tA\t192.168.0.4`]],
    [`host ${blob}`, [`${blob} is an alias for ${alias}.`, `${alias} has address 192.168.0.4`]],
    [`getent hosts ${blob}`, [`192.168.0.4     ${alias} ${blob}`]],
    [`getent ahostsv4 ${blob}`, [`192.168.0.4     STREAM ${alias}`, '192.168.0.4     DGRAM', '192.168.0.4     RAW']],
    ['getent hosts jumpbox', ['192.168.0.12    jumpbox']],
  ])('%s has the private address', async (script, lines) => {
    const { out, exitCode } = await typed(script);
    expect(exitCode).toBe(0);
    expect(out).toEqual(expect.arrayContaining(lines));
  });

  test('a CNAME record of a private zone is followed, and shown', async () => {
    const zone = 'privatelink.blob.core.windows.net';
    isolated.cloud.add('Microsoft.Network/privateDnsZones/CNAME', `${zone}/files`, { cnameRecord: { cname: blob } });
    expect((await typed(`dig +short files.${zone}`)).out).toEqual([`${blob}.`, `${alias}.`, '192.168.0.4']);
  });

  test('without the link of the zone, names have public addresses', async () => {
    isolated.unlink('privatelink.blob.core.windows.net');
    const { out } = await typed(`dig +short ${blob} | tail -n 1; getent hosts ${blob} | cut -d' ' -f1`);
    expect(out).toEqual([expect.stringMatching(/^20\./), expect.stringMatching(/^20\./)]);
  });

  test.each([
    ['nslookup nope.example', "** server can't find nope.example: NXDOMAIN", 1],
    ['dig nope.example | grep status', ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4242', 0],
    ['host nope.example', 'Host nope.example not found: 3(NXDOMAIN)', 1],
    ['getent hosts nope.example', undefined, 2],
  ])('%s: the name does not exist', async (script, line, code) => {
    const { out, exitCode } = await typed(script);
    expect(exitCode).toBe(code);
    expect(out.at(-1)).toBe(line);
  });

  test('a public resolver is not reached unless the rules allow UDP', async () => {
    const { out, exitCode, seconds } = await typed('dig @8.8.8.8 +short github.com');
    expect([out.at(-1), exitCode, seconds]).toEqual([';; no servers could be reached', 9, 15]);
    isolated.openInternet(true);
    expect((await typed('dig @8.8.8.8 github.com')).exitCode).toBe(9);
  });
});

describe('connections', () => {
  test.each([
    [`nc -zv -w 5 ${blob} 443`, 0, `Connection to ${blob} (192.168.0.4) 443 port [tcp/https] succeeded!`],
    [
      `nc -zvw5 ${blob} 22`,
      1,
      `nc: connect to ${blob} (192.168.0.4) port 22 (tcp) timed out: Operation now in progress`,
    ],
    ['nc -zv nope.example 443', 1, 'nc: getaddrinfo for host "nope.example" port 443: Name or service not known'],
    ['nc -zv localhost 443', 1, 'nc: connect to localhost (127.0.0.1) port 443 (tcp) failed: Connection refused'],
    ['ping -c 1 nope.example', 2, 'ping: nope.example: Name or service not known'],
    ['curl -sSI https://nope.example', 6, 'curl: (6) Could not resolve host: nope.example'],
    ['curl -sS -m 5 https://github.com', 28, 'curl: (28) Connection timed out after 5000 milliseconds'],
    [
      'curl -sS --connect-timeout 4 https://github.com',
      28,
      'curl: (28) Failed to connect to github.com port 443 after 4000 ms: Timeout was reached',
    ],
    [
      'curl -sS https://www.google.com',
      28,
      "curl: (28) Failed to connect to www.google.com port 443 after 130000 ms: Couldn't connect to server",
    ],
    [
      'curl -sS https://192.168.0.5',
      60,
      "curl: (60) SSL: no alternative certificate subject name matches target host name '192.168.0.5'",
    ],
    ['echo >/dev/tcp/github.com/443', 1, 'bash: /dev/tcp/github.com/443: Connection timed out'],
    ['timeout 3 bash -c "</dev/tcp/github.com/443"', 124, undefined],
  ])('%s', async (script, code, line) => {
    const { err, exitCode } = await typed(script);
    expect([exitCode, err.at(-1)]).toEqual([code, line]);
  });

  test('what is lost takes the time that the command allows', async () => {
    expect((await typed('nc -zw 7 github.com 443')).seconds).toBeCloseTo(7, 1);
    expect((await typed('curl -s -m 9 https://github.com')).seconds).toBe(9);
    expect((await typed('timeout 4 ping github.com')).seconds).toBe(4);
  });

  test('with an open Internet, sites answer, and show the address of the NAT gateway', async () => {
    isolated.openInternet(true);
    const { out } = await typed(`
      curl -s https://ifconfig.me
      curl -sI http://www.google.com | grep -i location
      curl -sL -o /dev/null -w '%{http_code} %{url_effective}\\n' http://www.google.com
      timeout 2 bash -c '</dev/tcp/github.com/443' && echo open
      nc -z 1.1.1.1 443 && echo open`);
    const site = 'https://www.google.com/';
    expect(out).toEqual(['20.1.2.3', `location: ${site}\r`, `200 ${site}`, 'open', 'open']);
  });

  test('curl shows headers, the connection and the address on demand', async () => {
    const registry = 'https://crk3x9.azurecr.io/v2/';
    expect((await typed(`curl -sI ${registry}`)).out[0]).toBe('HTTP/1.1 401 Unauthorized\r');
    const written = await typed(`curl -s -o /dev/null -w '%{http_code} %{remote_ip}\\n' ${registry}`);
    expect(written.out).toEqual(['401 192.168.0.6']);
    const verbose = await typed(`curl -kv ${registry}`);
    expect(verbose.err).toContain('* Connected to crk3x9.azurecr.io (192.168.0.6) port 443');
    expect(verbose.err).toContain('< HTTP/1.1 401 Unauthorized');
    expect((await typed('curl -ks -o /dev/null -w "%{http_code}" https://192.168.0.5')).out).toEqual(['400']);
  });

  test('only the machine itself answers a ping', async () => {
    const self = await typed('ping -c 2 192.168.0.12');
    expect([self.exitCode, self.out.at(-2)]).toEqual([
      0,
      '2 packets transmitted, 2 received, 0% packet loss, time 1024ms',
    ]);
    const endpoint = await typed(`ping -c 1 -W 1 ${blob}`);
    expect(endpoint.out).toEqual([
      `PING ${alias} (192.168.0.4) 56(84) bytes of data.`,
      `--- ${alias} ping statistics ---`,
      '1 packets transmitted, 0 received, 100% packet loss, time 0ms',
    ]);
    expect(endpoint.exitCode).toBe(1);
    expect((await shell('ping github.com', 30)).state).toBe('TimedOut');
  });
});
