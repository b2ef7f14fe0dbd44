import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import type { Cloud } from './mutationHarness.ts';

/** Breaks one thing, and the rows that must say so: no other row changes. */
export type Mutation = [what: string, mutate: (cloud: Cloud) => void, rows: string[]];

const elsewhere = [{ ipv4Address: '192.168.0.250' }];
const blobZone = 'privatelink.blob.core.windows.net';
const registryZone = 'privatelink.azurecr.io';
const workspaceZone = 'privatelink.api.azureml.ms';
const notebookZone = 'privatelink.notebooks.azure.net';

const open = (key: ResourceKey) => (cloud: Cloud) => {
  cloud.of(key)['publicNetworkAccess'] = 'Enabled';
};
const access = (title: string): string => `public network access of the ${title}: failed`;

/** Public access flags and network rules. */
export const accessMutations: Mutation[] = [
  ['public access of the workspace', open('workspace'), ['workspace API from outside: failed', access('workspace')]],
  ['public access of the storage account, whose rules still deny', open('storageAccount'), [access('storage account')]],
  [
    'public access of the storage account without rules',
    (cloud) => {
      open('storageAccount')(cloud);
      cloud.of('storageAccount')['networkAcls'].defaultAction = 'Allow';
    },
    [
      'blob storage from outside: failed',
      'file storage from outside: failed',
      access('storage account'),
      'network rules of the storage account: failed',
    ],
  ],
  ['public access of the vault, whose rules still deny', open('vault'), [access('key vault')]],
  [
    'public access of the vault without rules',
    (cloud) => {
      open('vault')(cloud);
      cloud.of('vault')['networkAcls'].defaultAction = 'Allow';
    },
    ['key vault from outside: failed', access('key vault'), 'network rules of the key vault: failed'],
  ],
  ['public access of the registry, whose rules still deny', open('registry'), [access('container registry')]],
  [
    'public access of the registry without rules',
    (cloud) => {
      open('registry')(cloud);
      cloud.of('registry')['networkRuleSet'].defaultAction = 'Allow';
    },
    [
      'container registry from outside: failed',
      access('container registry'),
      'network rules of the container registry: failed',
    ],
  ],
  [
    'public access of the registry for the worker',
    (cloud) => {
      open('registry')(cloud);
      cloud.of('registry')['networkRuleSet'].ipRules = [{ action: 'Allow', value: '203.0.113.0/24' }];
    },
    [
      'container registry from outside: failed',
      access('container registry'),
      'network rules of the container registry: failed',
    ],
  ],
  [
    'public access of the endpoint',
    open('onlineEndpoint'),
    ['scoring endpoint from outside: failed', access('online endpoint')],
  ],
  ...(['storageAccount', 'vault', 'registry'] as const).flatMap((key): Mutation[] => {
    const [member, title] = {
      storageAccount: ['networkAcls', 'storage account'],
      vault: ['networkAcls', 'key vault'],
      registry: ['networkRuleSet', 'container registry'],
    }[key];
    const row = `network rules of the ${title}: failed`;
    return [
      [
        `an allowed address in the rules of the ${title}`,
        (cloud) => (cloud.of(key)[member!].ipRules = [{ action: 'Allow', value: '203.0.113.0/24' }]),
        [row],
      ],
      [`default action Allow of the ${title}`, (cloud) => (cloud.of(key)[member!].defaultAction = 'Allow'), [row]],
    ];
  }),
  [
    'a subnet in the rules of the storage account',
    (cloud) =>
      (cloud.of('storageAccount')['networkAcls'].virtualNetworkRules = [
        { id: `${cloud.id('virtualNetwork')}/subnets/other`, action: 'Allow' },
      ]),
    ['network rules of the storage account: failed'],
  ],
  [
    'egress of the deployment',
    (cloud) => (cloud.of('deployment')['egressPublicNetworkAccess'] = 'Enabled'),
    // Azure makes the managed connections for deployments without egress only
    ['egress of the deployments: failed', 'managed connections of the deployments: inconclusive'],
  ],
  [
    'a managed connection that waits for approval',
    (cloud) => (cloud.state.objects['egressConnectionState'] = 'Pending'),
    ['managed connections of the deployments: failed'],
  ],
];

export const setConnection = (
  cloud: Cloud,
  key: ResourceKey,
  change: (state: Record<string, unknown>) => void,
): void => {
  const { id } = cloud.at(cloud.id(key));
  for (const link of cloud.of(key)['privateLinkServiceConnections'])
    change(link.properties.privateLinkServiceConnectionState);
  for (const one of Object.values(cloud.state.resources))
    if (one.type.endsWith('privateEndpointConnections') && one.properties['privateEndpoint']?.id === id)
      change(one.properties['privateLinkServiceConnectionState']);
};

/** Private endpoint connections. */
export const connectionMutations: Mutation[] = (
  [
    ['workspace', 'workspace', ['workspace API', 'scoring endpoint']],
    ['blob', 'storage account', ['blob storage']],
    ['file', 'storage account', ['file storage']],
    ['vault', 'key vault', ['key vault']],
    ['registry', 'container registry', ['container registry']],
  ] as const
).map(([link, title, inside]): Mutation => [
  `an unapproved connection of the private endpoint ${link}`,
  (cloud) => setConnection(cloud, `privateEndpoint:${link}`, (state) => (state['status'] = 'Pending')),
  [...inside.map((name) => `${name} from inside: failed`), `private endpoint connections of the ${title}: failed`],
]);
connectionMutations.push([
  'a foreign approved connection',
  (cloud) =>
    (cloud.state.objects[`connections:${cloud.id('storageAccount').toLowerCase()}`] = [{ status: 'Approved' }]),
  ['private endpoint connections of the storage account: failed'],
]);

/** Records and links. */
export const dnsMutations: Mutation[] = [
  ...(
    [
      [blobZone, 'blob storage'],
      ['privatelink.file.core.windows.net', 'file storage'],
      ['privatelink.vaultcore.azure.net', 'key vault'],
    ] as const
  ).map(([zone, inside]): Mutation => [
    `a record that is missing in ${zone}`,
    (cloud) => cloud.remove(cloud.records(zone)[0]!.id),
    [`${inside} from inside: failed`, `DNS records in ${zone}: failed`],
  ]),
  [
    'a record that points elsewhere',
    (cloud) => (cloud.records(blobZone)[0]!.properties['aRecords'] = elsewhere),
    ['blob storage from inside: failed', `DNS records in ${blobZone}: failed`],
  ],
  [
    'a record of a data address that points elsewhere',
    (cloud) => (cloud.records(registryZone, 'crk3x9a0q7.westus2.data')[0]!.properties['aRecords'] = elsewhere),
    [`DNS records in ${registryZone}: failed`],
  ],
  [
    'a second address beside the right one',
    (cloud) => cloud.records(registryZone, 'crk3x9a0q7.westus2.data')[0]!.properties['aRecords'].push(...elsewhere),
    [`DNS records in ${registryZone}: failed`],
  ],
  [
    'the record of the private endpoint for files of the same account',
    (cloud) => {
      const [files] = cloud.records('privatelink.file.core.windows.net');
      cloud.records(blobZone)[0]!.properties['aRecords'] = files!.properties['aRecords'];
    },
    ['blob storage from inside: failed', `DNS records in ${blobZone}: failed`],
  ],
  [
    'the record of another private endpoint',
    (cloud) => {
      const [{ ipv4Address }] = cloud.records('privatelink.vaultcore.azure.net')[0]!.properties['aRecords'];
      cloud.records(registryZone, 'crk3x9a0q7')[1]!.properties['aRecords'] = [{ ipv4Address }];
    },
    ['container registry from inside: failed', `DNS records in ${registryZone}: failed`],
  ],
  [
    'the wildcard of the endpoints missing',
    (cloud) => cloud.remove(cloud.records(workspaceZone, '*')[0]!.id),
    ['scoring endpoint from inside: failed', `DNS records in ${workspaceZone}: failed`],
  ],
  [
    'a notebook record that points elsewhere',
    (cloud) => (cloud.records(notebookZone)[0]!.properties['aRecords'] = elsewhere),
    [`DNS records in ${notebookZone}: failed`],
  ],
  ...(
    [
      [blobZone, ['blob storage']],
      ['privatelink.file.core.windows.net', ['file storage']],
      ['privatelink.vaultcore.azure.net', ['key vault']],
      [registryZone, ['container registry']],
      [workspaceZone, ['workspace API', 'scoring endpoint']],
      [notebookZone, []],
    ] as const
  ).map(([zone, inside]): Mutation => [
    `a missing link of ${zone}`,
    (cloud) => cloud.remove(cloud.id(`zoneLink:${zone}` as ResourceKey)),
    [...inside.map((name) => `${name} from inside: failed`), `virtual network link of ${zone}: failed`],
  ]),
  [
    'a link to another virtual network',
    (cloud) => (cloud.of(`zoneLink:${notebookZone}`)['virtualNetwork'].id = `${cloud.id('virtualNetwork')}-other`),
    [`virtual network link of ${notebookZone}: failed`],
  ],
];
