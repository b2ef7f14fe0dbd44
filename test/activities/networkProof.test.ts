import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud, MutationHarness } from './mutationHarness.ts';
import { startMutationHarness } from './mutationHarness.ts';
import type { Mutation } from './mutations.ts';

let harness: MutationHarness;
beforeAll(async () => {
  harness = await startMutationHarness({
    isolation: 'managedNetwork',
    outboundRules: [
      { name: 'pypi', type: 'fqdn', destination: 'pypi.org' },
      { name: 'monitor', type: 'serviceTag', serviceTag: 'AzureMonitor', protocol: 'TCP', portRanges: '80,443' },
    ],
  });
});
afterAll(() => harness.close());

const mode = 'managed network of the workspace: failed';
const rules = 'outbound rules of the managed network: failed';
const endpoints = 'private endpoints of the managed network: failed';
const egress = 'egress of the deployments: failed';

const ruleId = (cloud: Cloud, name: string): string => `${cloud.id('workspace')}/outboundRules/${name}`;
const rule = (cloud: Cloud, name: string) => cloud.at(ruleId(cloud, name)).properties;
/** The rule that Azure made for the blobs of the storage account. */
const blobRule = (cloud: Cloud) =>
  Object.values(cloud.state.resources).find(({ name }) => /^__SYS_PE_st.*_blob_/.test(name))!;
const connect = (cloud: Cloud, status: string): void => {
  cloud.state.objects[`connections:${cloud.id('storageAccount').toLowerCase()}`] = [{ status, description: 'mine' }];
};

const mutations: Mutation[] = [
  ['nothing', () => undefined, []],
  [
    'the isolation mode, by somebody who recreated the workspace',
    (cloud) => (cloud.of('workspace')['managedNetwork'].isolationMode = 'AllowInternetOutbound'),
    [mode, egress],
  ],
  [
    'the network, which is not provisioned',
    (cloud) =>
      delete (cloud.at(cloud.id('workspace'))['secrets'] as { networkActiveSince?: number }).networkActiveSince,
    [mode, egress],
  ],
  [
    'the rules, by one that somebody added',
    (cloud) => cloud.copy(ruleId(cloud, 'pypi'), ruleId(cloud, 'mine'), { destination: 'example.com' }),
    [rules, egress],
  ],
  ['the rules, of which somebody deleted one', (cloud) => cloud.remove(ruleId(cloud, 'pypi')), [rules, egress]],
  ['the destination of a rule', (cloud) => (rule(cloud, 'pypi')['destination'] = '*.org'), [rules, egress]],
  ['the ports of a rule', (cloud) => (rule(cloud, 'monitor')['destination'].portRanges = '1-65535'), [rules, egress]],
  [
    'a rule that Azure could not put into force',
    (cloud) => (rule(cloud, 'pypi')['status'] = 'Failed'),
    [rules, egress],
  ],
  [
    'the connections, which nobody has approved',
    (cloud) => (cloud.state.objects['egressConnectionState'] = 'Pending'),
    [endpoints, egress],
  ],
  ['the connection to the blobs, whose rule is gone', (cloud) => cloud.remove(blobRule(cloud).id), [endpoints, egress]],
  [
    'the connections, by one of somebody else',
    (cloud) => connect(cloud, 'Approved'),
    ['private endpoint connections of the storage account: failed'],
  ],
  ['the connections, by one that somebody else waits for', (cloud) => connect(cloud, 'Pending'), []],
  [
    'the deployment, which is gone',
    (cloud) => cloud.remove(cloud.id('deployment')),
    ['egress of the deployments: inconclusive'],
  ],
];

test.each(mutations)('What changes is what is reported: %s', async (_what, mutate, expected) => {
  expect((await harness.prove(mutate)).toSorted()).toEqual(expected.toSorted());
});

test('a row shows what was opened', async () => {
  await harness.prove((cloud) =>
    cloud.copy(ruleId(cloud, 'pypi'), ruleId(cloud, 'mine'), { destination: 'example.com' }),
  );
  const { observed } = harness.rows().find(({ check }) => check === 'outbound rules of the managed network')!;
  expect(observed).toContain('mine: FQDN example.com');
});
