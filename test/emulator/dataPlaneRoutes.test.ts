import { beforeEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../src/emulator/dataPlane/httpExchange.ts';
import { requestFromOutside, requestFromVm } from '../../src/emulator/dataPlane/routing.ts';
import { guid, isolatedCloud, registry, scoringUri, storageAccount } from './isolatedCloud.ts';
import type { IsolatedCloud } from './isolatedCloud.ts';
import { group, region } from './memoryCloud.ts';

let isolated: IsolatedCloud;
beforeEach(() => {
  isolated = isolatedCloud();
});

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  body: '',
  ...more,
});

function fromInside(url: string, more: Partial<HttpRequest> = {}) {
  return requestFromVm(isolated.cloud, isolated.vm, request(url, more), isolated.cloud.now());
}

const subnetId = `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet`;

const setState = (status: string): void => {
  const endpoint = isolated.cloud.find(`${group}/providers/Microsoft.Network/privateEndpoints/ple-crk3x9`);
  const privateLinkServiceId = `${group}/providers/Microsoft.ContainerRegistry/registries/crk3x9`;
  endpoint!.properties['privateLinkServiceConnections'] = [
    { properties: { privateLinkServiceId, groupIds: ['registry'], privateLinkServiceConnectionState: { status } } },
  ];
};

describe('a request in the emulated network', () => {
  test('from inside reaches the endpoint at its private address, and needs a key', () => {
    expect(fromInside(scoringUri, { method: 'POST' })).toMatchObject({ addresses: ['192.168.0.9'], status: 401 });
  });

  test('from outside gets the public address and is refused', async () => {
    const seen = await requestFromOutside(isolated.cloud, { url: scoringUri, method: 'POST' });
    expect(seen).toMatchObject({ status: 403 });
    expect(seen.addresses[0]).toMatch(/^20\./);
    expect(await requestFromOutside(isolated.cloud, { url: `https://${registry}/v2/` })).toMatchObject({ status: 403 });
    const blob = `https://${storageAccount}.blob.core.windows.net/c/b`;
    expect(await requestFromOutside(isolated.cloud, { url: blob })).toMatchObject({
      status: 403,
      headers: { 'x-ms-error-code': 'AuthorizationFailure' },
    });
  });

  test('from outside is refused by network rules that do not hold its address', async () => {
    const { cloud } = isolated;
    const images = cloud.find(`${group}/providers/Microsoft.ContainerRegistry/registries/crk3x9`)!;
    const account = cloud.find(`${group}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`)!;
    const statuses = async (defaultAction: string, values: string[]) => {
      const rules = { defaultAction, ipRules: values.map((value) => ({ value, action: 'Allow' })) };
      images.properties = { publicNetworkAccess: 'Enabled', networkRuleSet: rules };
      account.properties = { publicNetworkAccess: 'Enabled', networkAcls: rules };
      const urls = [`https://${registry}/v2/`, `https://${storageAccount}.blob.core.windows.net/c/b`];
      return Promise.all(urls.map(async (url) => (await requestFromOutside(cloud, { url })) as { status?: number }));
    };
    const refused = [{ status: 403 }, { status: 403 }];
    const challenged = [{ status: 401 }, { status: 401 }];
    expect(await statuses('Deny', [])).toMatchObject(refused);
    expect(await statuses('Deny', ['198.51.100.0/24'])).toMatchObject(refused);
    expect(await statuses('Deny', ['198.51.100.0/24', '203.0.113.0/24'])).toMatchObject(challenged);
    expect(await statuses('Allow', [])).toMatchObject(challenged);
  });

  test('to a private endpoint for the blobs of an account does not reach its files', () => {
    const { cloud } = isolated;
    const type = 'Microsoft.Network/privateDnsZones';
    const zone = 'privatelink.file.core.windows.net';
    cloud.add(type, zone, {});
    const virtualNetwork = { id: subnetId.split('/subnets/')[0]! };
    cloud.add(`${type}/virtualNetworkLinks`, `${zone}/link`, { virtualNetwork });
    cloud.add(`${type}/A`, `${zone}/${storageAccount}`, { aRecords: [{ ipv4Address: '192.168.0.4' }] });
    expect(fromInside(`https://${storageAccount}.blob.core.windows.net/`)).toMatchObject({ status: 401 });
    expect(fromInside(`https://${storageAccount}.file.core.windows.net/`)).toMatchObject({ fault: 'certificate' });
  });

  test('tries the next address of a name where one is silent', () => {
    const record = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io/A/crk3x9`;
    const { properties } = isolated.cloud.find(record)!;
    const pointTo = (...list: string[]): void => {
      properties['aRecords'] = list.map((ipv4Address) => ({ ipv4Address }));
    };
    pointTo('192.168.0.250', '192.168.0.6');
    expect(fromInside(`https://${registry}/v2/`)).toMatchObject({ status: 401 });
    pointTo('192.168.0.250', '192.168.0.251');
    expect(fromInside(`https://${registry}/v2/`)).toMatchObject({ fault: 'timeout' });
  });

  test('from outside is refused by a private vault and workspace, and challenged to authenticate by public ones', async () => {
    const { cloud } = isolated;
    const vault = cloud.add('Microsoft.KeyVault/vaults', 'kvk3x9', { publicNetworkAccess: 'Disabled' });
    const workspace = cloud.find(`${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-k3x9`)!;
    workspace.properties['publicNetworkAccess'] = 'Disabled';
    const urls = [
      'https://kvk3x9.vault.azure.net/secrets?api-version=7.4',
      `https://${guid}.workspace.${region}.api.azureml.ms/`,
    ];
    for (const url of urls) expect(await requestFromOutside(cloud, { url })).toMatchObject({ status: 403 });
    vault.properties['publicNetworkAccess'] = 'Enabled';
    workspace.properties['publicNetworkAccess'] = 'Enabled';
    for (const url of urls) expect(await requestFromOutside(cloud, { url })).toMatchObject({ status: 401 });
    vault.properties['networkAcls'] = { defaultAction: 'Deny' };
    expect(await requestFromOutside(cloud, { url: urls[0]! })).toMatchObject({ status: 403 });
  });

  test('from outside reaches an endpoint whose public access was left on, so that a proof of isolation fails', async () => {
    isolated.endpoint.properties['publicNetworkAccess'] = 'Enabled';
    const seen = await requestFromOutside(isolated.cloud, { url: scoringUri, method: 'POST' });
    expect(seen).toMatchObject({ status: 401 });
  });

  test('without a zone link resolves publicly and is refused', () => {
    isolated.unlink('privatelink.azurecr.io');
    const seen = fromInside(`https://${registry}/v2/`);
    expect(seen).toMatchObject({ status: 403 });
    expect('body' in seen && seen.body).toContain("client with IP '20.1.2.3' is not allowed access");
  });

  test('finds no address when a linked zone lacks the record', () => {
    const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
    isolated.cloud.remove(`${zone}/A/crk3x9`);
    expect(fromInside(`https://${registry}/v2/`)).toEqual({ addresses: [], fault: 'nxdomain' });
  });

  test('follows CNAME records of a linked zone, to the address behind the name that they lead to', () => {
    const { cloud } = isolated;
    const zones = 'Microsoft.Network/privateDnsZones';
    const virtualNetwork = { id: subnetId.split('/subnets/')[0] ?? '' };
    cloud.add(zones, 'corp.test', {});
    cloud.add(`${zones}/virtualNetworkLinks`, 'corp.test/link', { virtualNetwork });
    cloud.add(`${zones}/CNAME`, 'corp.test/images', { cnameRecord: { cname: 'registry.corp.test.' } });
    cloud.add(`${zones}/CNAME`, 'corp.test/registry', { cnameRecord: { cname: registry } });
    cloud.add(`${zones}/CNAME`, 'corp.test/loop', { cnameRecord: { cname: 'loop.corp.test' } });
    cloud.add(`${zones}/AAAA`, 'corp.test/six', { aaaaRecords: [{ ipv6Address: '2001:db8::1' }] });
    // The registry's certificate does not hold the name.
    const seen = { addresses: ['192.168.0.6'], fault: 'certificate' };
    expect(fromInside('https://images.corp.test/v2/')).toEqual(seen);
    for (const name of ['loop', 'six', 'none'])
      expect(fromInside(`https://${name}.corp.test/`)).toEqual({ addresses: [], fault: 'nxdomain' });
  });

  test('times out when the private endpoint is not approved, and goes the public way when it is disconnected', () => {
    for (const status of ['Pending', 'Rejected']) {
      setState(status);
      expect(fromInside(`https://${registry}/v2/`)).toMatchObject({ fault: 'timeout' });
    }
    setState('Disconnected');
    expect(fromInside(`https://${registry}/v2/`)).toMatchObject({ status: 403 });
  });

  test('reaches the Internet only while the rule for it exists', () => {
    expect(fromInside('https://github.com/')).toMatchObject({ fault: 'timeout' });
    expect(fromInside('https://management.azure.com/')).not.toHaveProperty('fault');
    isolated.openInternet(true);
    expect(fromInside('https://github.com/')).not.toHaveProperty('fault');
    isolated.openInternet(false);
    expect(fromInside('https://github.com/')).toMatchObject({ fault: 'timeout' });
  });

  test('has no outbound path from a private subnet without a NAT gateway', () => {
    isolated.openInternet(true);
    delete isolated.cloud.find(subnetId)!.properties['natGateway'];
    expect(fromInside('https://github.com/')).toMatchObject({ fault: 'timeout' });
    isolated.cloud.find(subnetId)!.properties['defaultOutboundAccess'] = true;
    expect(fromInside('https://github.com/')).not.toHaveProperty('fault');
  });

  test('to an unknown name or another port fails as on a real network', () => {
    isolated.openInternet(true);
    expect(fromInside('https://no-such-name.example/')).toMatchObject({ fault: 'nxdomain' });
    expect(fromInside('https://github.com:8443/')).toMatchObject({ fault: 'timeout' });
    expect(fromInside(scoringUri.replace('/score', ':8443/score'))).toMatchObject({ fault: 'refused' });
  });
});
