import { expect, test } from 'vitest';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { isolatedCloud } from './isolatedCloud.ts';

const { cloud, vm } = isolatedCloud();
const shell = (script: string) => runScript(cloud, vm, { script, parameters: [], timeoutSeconds: 60 });
const output = async (script: string): Promise<string> => (await shell(script)).output;

test.each([
  ['whoami', 'root\n'],
  ['id', 'uid=0(root) gid=0(root) groups=0(root)\n'],
  ['id -u; id -un', '0\nroot\n'],
  ['sudo -u nobody id -un', 'nobody\n'],
  ['sudo whoami', 'root\n'],
  ['echo hello | sudo tee /root/a >/dev/null; cat /root/a', 'hello\n'],
  ['sudo -E FOO=bar env | grep FOO', 'FOO=bar\n'],
  ['sudo bash -c "echo $0 | wc -l"', '1\n'],
  ['hostname; hostname -I; echo $HOSTNAME', 'jumpbox\n192.168.0.12 \njumpbox\n'],
  ['uname -s -r -m', 'Linux 6.8.0-1012-azure x86_64\n'],
  ['arch; nproc', 'x86_64\n2\n'],
  ['lsb_release -cs 2>/dev/null', 'noble\n'],
  ['. /etc/os-release; echo "$ID $VERSION_ID"', 'ubuntu 24.04\n'],
  ['grep ^nameserver /etc/resolv.conf', 'nameserver 127.0.0.53\n'],
  ['ip route get 8.8.8.8 | head -n 1', '8.8.8.8 via 192.168.0.1 dev eth0 src 192.168.0.12 uid 0 \n'],
  ['ip -4 addr show eth0 | grep -c inet', '1\n'],
  ['timeout 5 sleep 10; echo $?', '124\n'],
  ['timeout 5 echo in time', 'in time\n'],
])('%s', async (script, expected) => {
  expect(await output(script)).toBe(expected);
});

test('the addresses and routes of the interface are those of its subnet', async () => {
  const addresses = await output('ip addr');
  expect(addresses).toContain('    inet 192.168.0.12/24 metric 100 brd 192.168.0.255 scope global eth0\n');
  expect(await output('ip r | head -n 1')).toBe(
    'default via 192.168.0.1 dev eth0 proto dhcp src 192.168.0.12 metric 100 \n',
  );
});

test('disk and memory are shown as columns', async () => {
  expect(await output('df -h /')).toMatch(
    /^Filesystem +Size +Used Avail Use% Mounted on\n\/dev\/root +29G +5\.8G +24G +20% \/\n$/,
  );
  expect(await output('free -m')).toMatch(/^ +total +used +free +shared +buff\/cache +available\nMem: +\d+ /);
});

test('an image of Ubuntu 22.04 says so', async () => {
  const older = isolatedCloud();
  older.vm.properties['storageProfile'] = { imageReference: { offer: '0001-com-ubuntu-server-jammy' } };
  const script = 'uname -r; grep ^VERSION_CODENAME /etc/os-release';
  const ran = await runScript(older.cloud, older.vm, { script, parameters: [], timeoutSeconds: 60 });
  expect(ran.output).toBe('6.5.0-1025-azure\nVERSION_CODENAME=jammy\n');
});

test.each([
  ['sudo nope', 1, 'sudo: nope: command not found\n'],
  ['id nobody2', 1, "id: 'nobody2': no such user\n"],
  ['traceroute github.com', 127, 'bash: traceroute: command not found\n'],
  ['ip tunnel', 255, 'Object "tunnel" is unknown, try "ip help".\n'],
  ['nc -l 80', 2, 'nc: unrecognized option -l\n'],
])('%s fails', async (script, exitCode, error) => {
  expect(await shell(script)).toMatchObject({ exitCode, error });
});
