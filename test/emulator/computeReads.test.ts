import { beforeAll, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('rg-compute-reads');
const vm = (): string => arm.id('Microsoft.Compute/virtualMachines', 'jumpbox');
const compute = (): string => `${arm.subscription}/providers/Microsoft.Compute`;

beforeAll(async () => {
  const network = arm.id('Microsoft.Network/virtualNetworks', 'vnet');
  const properties = { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } };
  await arm.put(network, { location, properties });
  await arm.put(`${network}/subnets/snet`, { properties: { addressPrefix: '10.0.0.0/24' } });
  const nic = arm.id('Microsoft.Network/networkInterfaces', 'nic');
  const subnet = { id: `${network}/subnets/snet` };
  await arm.put(nic, { location, properties: { ipConfigurations: [{ name: 'ip', properties: { subnet } }] } });
  const ssh = { publicKeys: [{ path: '/home/moat/.ssh/authorized_keys', keyData: 'ssh-rsa AAAAB3NzaC1yc2E= moat' }] };
  await arm.put(vm(), {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_F2s_v2' },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: { createOption: 'FromImage' },
      },
      osProfile: {
        computerName: 'jumpbox',
        adminUsername: 'moat',
        linuxConfiguration: { disablePasswordAuthentication: true, ssh },
      },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    },
  });
});

const act = async (action: string): Promise<number> => {
  const { status } = await arm.send('POST', `${vm()}/${action}`);
  await arm.untilSettled(vm());
  return status;
};

const power = async (): Promise<string | undefined> => {
  const { body } = await arm.send('POST', `${vm()}/instanceView`);
  const codes: string[] = body.statuses.map(({ code }: { code: string }) => code);
  return codes.find((code) => code.startsWith('PowerState/'));
};

/** Requests whose operation does not end until the faults are cleared. */
const hang = (action: string) => arm.control('POST', 'faults', { match: { action }, effect: { hangOperation: true } });

/** Sends an action run command and polls its result. */
async function invoke(script: string[], more: object = {}) {
  const started = await arm.send('POST', `${vm()}/runCommand`, { commandId: 'RunShellScript', script, ...more });
  if (started.status !== 202) return started;
  const { pathname, search } = new URL(started.headers['location'] ?? '');
  for (;;) {
    const polled = await arm.send('GET', `${pathname}${search}`.replace(/[?&]api-version=[^&]+/, ''));
    if (polled.status !== 202) return polled;
  }
}

test('an action run command answers the output of its script, whatever its exit code', async () => {
  const parameters = [
    { name: 'who', value: "o'world" },
    { name: 'arg2', value: 'x' },
  ];
  const ran = await invoke(['echo "hello $who $2"', 'echo oops >&2', 'exit 3'], { parameters });
  expect(ran.status).toBe(200);
  expect(ran.body.value).toEqual([
    {
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Provisioning succeeded',
      message: "Enable succeeded: \n[stdout]\nhello o'world x\n\n[stderr]\noops\n",
    },
  ]);
});

test('both forms of run commands print what a machine says of itself and of its network', async () => {
  const script = ['whoami', 'hostname -I', 'ip route | head -n 1', 'dig +short github.com | wc -l', 'nc -zv nope 443'];
  const action = await invoke(script);
  const [, out, err] = /\[stdout\]\n([^]*)\n\[stderr\]\n([^]*)$/.exec(action.body.value[0].message) ?? [];
  expect(out).toBe('root\n10.0.0.4 \ndefault via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.4 metric 100 \n1\n');
  expect(err).toBe('nc: getaddrinfo for host "nope" port 443: Name or service not known\n');
  const managed = `${vm()}/runCommands/look`;
  await arm.put(managed, { location, properties: { source: { script: script.join('\n') } } });
  const { body } = await arm.send('GET', `${managed}?$expand=instanceView`);
  expect(body.properties.instanceView).toMatchObject({
    executionState: 'Failed',
    exitCode: 1,
    output: out,
    error: err,
  });
});

test('the operation of an action run command ends with its output', async () => {
  const body = { commandId: 'RunShellScript', script: ['sleep 1800', 'echo polled'] };
  const { headers } = await arm.send('POST', `${vm()}/runCommand`, body);
  const busy = await arm.send('POST', `${vm()}/runCommand`, body);
  expect([busy.status, busy.body.error.code]).toEqual([409, 'Conflict']);
  const { pathname } = new URL(headers['azure-asyncoperation'] ?? '');
  let status = await arm.send('GET', pathname);
  while (status.body.status === 'InProgress') status = await arm.send('GET', pathname);
  expect(status.body).toMatchObject({
    status: 'Succeeded',
    properties: { output: { value: [{ message: expect.stringContaining('[stdout]\npolled\n') }] } },
  });
});

test('an action run command that is not emulated is refused', async () => {
  expect((await invoke([], { commandId: 'ifconfig' })).status).toBe(501);
  expect((await arm.send('POST', `${vm()}/runCommand`, {})).status).toBe(400);
  const known = await arm.send('GET', `${compute()}/locations/${location}/runCommands`);
  expect(known.body.value).toMatchObject([{ id: 'RunShellScript', osType: 'Linux' }]);
});

test('a machine is stopped, deallocated, started and restarted, and shows it', async () => {
  expect(await power()).toBe('PowerState/running');
  await hang('deallocate');
  await arm.send('POST', `${vm()}/deallocate`);
  expect(await power()).toBe('PowerState/deallocating');
  expect((await arm.send('GET', vm())).body.properties.provisioningState).toBe('Updating');
  const busy = await arm.send('POST', `${vm()}/start`);
  expect([busy.status, busy.body.error.code]).toEqual([409, 'Conflict']);
  await arm.control('DELETE', 'faults');
  await arm.untilSettled(vm());
  expect(await power()).toBe('PowerState/deallocated');
  expect(await act('powerOff')).toBe(202);
  expect(await power()).toBe('PowerState/deallocated');
  const refused = await arm.send('POST', `${vm()}/restart`);
  expect([refused.status, refused.body.error.code]).toEqual([409, 'OperationNotAllowed']);
  const listed = await arm.send('GET', `${compute()}/virtualMachines?statusOnly=true`);
  expect(listed.body.value[0].properties.instanceView.statuses).toContainEqual(
    expect.objectContaining({ code: 'PowerState/deallocated', displayStatus: 'VM deallocated' }),
  );
  expect(await act('start')).toBe(202);
  expect(await act('powerOff?skipShutdown=true')).toBe(202);
  expect(await power()).toBe('PowerState/stopped');
  expect(await act('start')).toBe(202);
  for (const action of ['restart', 'redeploy', 'reapply']) expect(await act(action)).toBe(202);
  expect(await power()).toBe('PowerState/running');
});

test('a power action whose operation fails leaves the machine as it was', async () => {
  const fault = {
    match: { action: 'deallocate' },
    effect: { failOperation: { code: 'InternalExecutionError', message: 'An internal error occurred.' } },
  };
  await arm.control('POST', 'faults', fault);
  await act('deallocate');
  expect(await power()).toBe('PowerState/running');
  await arm.send('PATCH', vm(), { properties: { hardwareProfile: { vmSize: 'Standard_F2s_v2' } } });
  await arm.untilSettled(vm());
  expect(await power()).toBe('PowerState/running');
});

test('a machine that does not run executes no scripts', async () => {
  await act('deallocate');
  const action = await invoke(['echo hello']);
  expect(action.body.error).toMatchObject({
    code: 'OperationNotAllowed',
    message: 'The operation requires the VM to be running (or set to run).',
  });
  const properties = { source: { script: 'echo hello' } };
  const managed = await arm.send('PUT', `${vm()}/runCommands/hello`, { location, properties });
  expect([managed.status, managed.body.error.message]).toEqual([
    409,
    'Cannot modify extensions in the VM when the VM is not running.',
  ]);
  await act('start');
});

test('a GET does not change the power state', async () => {
  expect((await arm.send('GET', `${vm()}/deallocate`)).status).toBe(501);
  expect(await power()).toBe('PowerState/running');
});

test('a machine is resized by PATCH, and its sizes, extensions and disks are listed', async () => {
  const properties = { hardwareProfile: { vmSize: 'Standard_D2s_v3' } };
  expect((await arm.send('PATCH', vm(), { properties })).status).toBeLessThan(300);
  const { body } = await arm.untilSettled(vm());
  expect(body.properties.hardwareProfile.vmSize).toBe('Standard_D2s_v3');
  expect(body.properties.storageProfile.imageReference.sku).toBe('server');
  const sizes = await arm.send('GET', `${vm()}/vmSizes`);
  expect(sizes.body.value).toContainEqual(expect.objectContaining({ name: 'Standard_D2s_v3', numberOfCores: 2 }));
  expect((await arm.send('GET', `${vm()}/extensions`)).body).toEqual({ value: [] });
  const disks = await arm.send('GET', `${compute()}/disks`);
  expect(disks.body.value).toMatchObject([{ managedBy: vm(), properties: { diskState: 'Attached' } }]);
});

test('an empty disk is created, grown by PATCH, never shrunk, and deleted', async () => {
  const disk = arm.id('Microsoft.Compute/disks', 'data');
  const body = { location, properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 16 } };
  await arm.put(disk, body);
  await arm.send('PATCH', disk, { properties: { diskSizeGB: 32 }, tags: { a: 'b' } });
  const grown = await arm.untilSettled(disk);
  expect(grown.body).toMatchObject({
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    tags: { a: 'b' },
    properties: { diskSizeGB: 32, diskState: 'Unattached', diskSizeBytes: 34_359_738_368 },
  });
  const smaller = await arm.send('PATCH', disk, { properties: { diskSizeGB: 8 } });
  expect([smaller.status, smaller.body.error.code]).toEqual([409, 'OperationNotAllowed']);
  expect((await arm.send('PUT', `${disk}2`, { location, properties: {} })).status).toBe(501);
});
