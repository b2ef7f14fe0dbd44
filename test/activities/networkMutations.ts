import type { Cloud } from './mutationHarness.ts';
import type { Mutation } from './mutations.ts';

const rule = (cloud: Cloud, name: string): string => `${cloud.id('networkSecurityGroup')}/securityRules/${name}`;
const rulesRow = 'rules of the network security group: failed';
const internetRow = 'Internet from the jumpbox: failed';

export function addRule(cloud: Cloud, name: string, properties: Record<string, unknown>): void {
  cloud.copy(rule(cloud, 'AzureResourceManager'), rule(cloud, name), properties);
}

/** Rules, subnets and public addresses. */
export const networkMutations: Mutation[] = [
  [
    'an inbound allow rule',
    (cloud) => addRule(cloud, 'AllowSsh', { direction: 'Inbound', priority: 300, destinationPortRange: '22' }),
    [rulesRow],
  ],
  [
    'an outbound allow rule for the Internet',
    (cloud) => addRule(cloud, 'AllowAll', { priority: 300, destinationAddressPrefix: '*', destinationPortRange: '*' }),
    [internetRow, rulesRow],
  ],
  [
    'a wider port of a rule',
    (cloud) => (cloud.at(rule(cloud, 'AzureFrontDoor')).properties['destinationPortRange'] = '*'),
    [rulesRow],
  ],
  ['the Deny rule missing', (cloud) => cloud.remove(rule(cloud, 'DenyInternet')), [internetRow, rulesRow]],
  ...(
    [
      ['AzureActiveDirectory', 'AzureActiveDirectory'],
      ['AzureResourceManager', 'AzureResourceManager'],
      ['AzureFrontDoor', 'AzureFrontDoor.FirstParty'],
    ] as const
  ).map(([name, tag]): Mutation => [
    `the allow rule ${name} missing`,
    (cloud) => cloud.remove(rule(cloud, name)),
    [`service tag ${tag} from the jumpbox: inconclusive`, rulesRow],
  ]),
  [
    // Front Door serves the Microsoft Container Registry: its rule lets the jumpbox reach it, too
    'the allow rules MicrosoftContainerRegistry and AzureFrontDoor missing',
    (cloud) => ['MicrosoftContainerRegistry', 'AzureFrontDoor'].forEach((name) => cloud.remove(rule(cloud, name))),
    [
      'service tag AzureFrontDoor.FirstParty from the jumpbox: inconclusive',
      'service tag MicrosoftContainerRegistry from the jumpbox: inconclusive',
      rulesRow,
    ],
  ],
  [
    'the build rule left',
    (cloud) =>
      addRule(cloud, 'AllowInternetWhileBuilding', {
        priority: 3000,
        destinationAddressPrefix: 'Internet',
        destinationPortRange: '*',
      }),
    [internetRow, 'outbound Internet rule of the image build: failed'],
  ],
  [
    'a subnet without its security group',
    (cloud) => delete cloud.at(`${cloud.id('virtualNetwork')}/subnets/snet-scoring`).properties['networkSecurityGroup'],
    [internetRow, 'security group and gateway of the subnet snet-scoring: failed'],
  ],
  [
    'a public IP address on the jumpbox',
    (cloud) => {
      const address = `${cloud.id('natAddress')}-other`;
      cloud.copy(cloud.id('natAddress'), address, {});
      cloud.of('networkInterface')['ipConfigurations'][0].properties.publicIPAddress = { id: address };
    },
    ['public IP addresses: failed'],
  ],
  [
    'a public IP address in the group',
    (cloud) => cloud.copy(cloud.id('natAddress'), `${cloud.id('natAddress')}-other`, {}),
    ['public IP addresses: failed'],
  ],
];

const outside = [
  'workspace API',
  'blob storage',
  'file storage',
  'key vault',
  'container registry',
  'scoring endpoint',
];
const unproved = outside.map((name) => `${name} from outside: inconclusive`);

/** The worker's own network: whatever is wrong there proves nothing about the environment. */
export const workerMutations: Mutation[] = (['noDns', 'closed', 'proxy'] as const).map((broken): Mutation => [
  `the worker's network: ${broken}`,
  (cloud) => (cloud.state.objects['outside:network'] = broken),
  unproved,
]);
