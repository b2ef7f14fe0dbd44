import { request } from 'node:https';
import type { Agent } from 'node:https';

/** ARM's JSON of any resource: the oracle reads members where they are, and knows no model of ours. */
// oxlint-disable-next-line typescript/no-explicit-any
export type ArmJson = any;

/** The resources of one resource group, as GET requests to Azure Resource Manager list them. */
export interface ArmResources {
  securityGroups: ArmJson[];
  virtualNetworks: ArmJson[];
  interfaces: ArmJson[];
  privateEndpoints: ArmJson[];
  publicAddresses: ArmJson[];
  gateways: ArmJson[];
  zones: { name: string; records: ArmJson[]; links: ArmJson[] }[];
  storageAccounts: ArmJson[];
  vaults: ArmJson[];
  registries: ArmJson[];
  workspaces: ArmJson[];
  endpoints: ArmJson[];
  deployments: ArmJson[];
  machines: ArmJson[];
}

/** An api-version of each resource provider that is read. */
const versions: Record<string, string> = {
  'Microsoft.Network': '2024-05-01',
  'Microsoft.Network/privateDnsZones': '2020-06-01',
  'Microsoft.Storage': '2023-05-01',
  'Microsoft.KeyVault': '2023-07-01',
  'Microsoft.ContainerRegistry': '2023-07-01',
  'Microsoft.MachineLearningServices': '2024-10-01',
  'Microsoft.Compute': '2024-07-01',
};

/** Reads one list. Rejects on any answer but 200. */
function list(endpoint: string, agent: Agent, path: string): Promise<ArmJson[]> {
  const type = /providers\/([^/]+)\/([^/]+)/.exec(path)!;
  const version = versions[`${type[1]}/${type[2]}`] ?? versions[type[1]!];
  const url = `${endpoint}${path}?api-version=${version}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { authorization: 'Bearer oracle' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve((JSON.parse(text) as { value: ArmJson[] }).value);
        else reject(new Error(`GET ${path}: ${answer.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Reads everything that the reachability of an environment depends on. `group`: the id of its resource group. */
export async function readResources(
  { endpoint, agent }: { endpoint: string; agent: Agent },
  group: string,
): Promise<ArmResources> {
  const all = (type: string): Promise<ArmJson[]> => list(endpoint, agent, `${group}/providers/${type}`);
  const below = async (parents: Promise<ArmJson[]>, child: string): Promise<ArmJson[]> => {
    const lists = (await parents).map(({ id }) => list(endpoint, agent, `${id}/${child}`));
    return (await Promise.all(lists)).flat();
  };
  const zonesOf = async (): Promise<ArmResources['zones']> => {
    const zones = await all('Microsoft.Network/privateDnsZones');
    const read = zones.map(async ({ id, name }) => ({
      name: name as string,
      records: await list(endpoint, agent, `${id}/ALL`),
      links: await list(endpoint, agent, `${id}/virtualNetworkLinks`),
    }));
    return Promise.all(read);
  };
  const workspaces = all('Microsoft.MachineLearningServices/workspaces');
  const endpoints = below(workspaces, 'onlineEndpoints');
  return {
    securityGroups: await all('Microsoft.Network/networkSecurityGroups'),
    virtualNetworks: await all('Microsoft.Network/virtualNetworks'),
    interfaces: await all('Microsoft.Network/networkInterfaces'),
    privateEndpoints: await all('Microsoft.Network/privateEndpoints'),
    publicAddresses: await all('Microsoft.Network/publicIPAddresses'),
    gateways: await all('Microsoft.Network/natGateways'),
    zones: await zonesOf(),
    storageAccounts: await all('Microsoft.Storage/storageAccounts'),
    vaults: await all('Microsoft.KeyVault/vaults'),
    registries: await all('Microsoft.ContainerRegistry/registries'),
    workspaces: await workspaces,
    endpoints: await endpoints,
    deployments: await below(endpoints, 'deployments'),
    machines: await all('Microsoft.Compute/virtualMachines'),
  };
}
