import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateOpened, evaluateOpenEndpoint } from '../../src/activities/isolation/openVerdict.ts';
import type { ProbeResult } from '../../src/azure/probe.ts';
import { isolationOf } from '../../src/domain/isolationSpec.ts';
import { plannedRepairs } from '../../src/domain/repairs.ts';
import { untilDone } from './emulatorHarness.ts';
import { startMutationHarness } from './mutationHarness.ts';
import type { Cloud, MutationHarness } from './mutationHarness.ts';

const answered = (status: number, body = ''): ProbeResult => ({ addresses: ['20.1.2.3'], status, body, error: null });
const silent: ProbeResult = { addresses: ['20.1.2.3'], status: null, body: null, error: 'timeout' };
const refusedByNetwork = answered(403, 'denied based on workspace private link configuration');

describe('a service that the spec opens, from outside', () => {
  test.each([
    ['refuses an anonymous request', answered(401), 'passed'],
    ['refuses it as a blob service does', answered(409), 'passed'],
    ['is closed', refusedByNetwork, 'passed'],
    ['answers an anonymous request', answered(200), 'failed'],
    ['is down', answered(503), 'inconclusive'],
    ['redirects', answered(302), 'inconclusive'],
  ])('%s', (_what, probe, verdict) => {
    expect(evaluateOpened(probe, true).verdict).toBe(verdict);
  });

  test('shows nothing while the network of the worker shows nothing', () => {
    expect(evaluateOpened(answered(401), false).verdict).toBe('inconclusive');
  });
});

const evaluate = (first: ProbeResult, second?: ProbeResult, mayBeClosed = false) =>
  evaluateOpenEndpoint(first, {
    withCredential: () => Promise.resolve(second),
    credential: 'the endpoint’s key',
    controlAnswers: true,
    mayBeClosed,
  });

describe('an endpoint that the spec opens, from outside', () => {
  test.each<[what: string, first: ProbeResult, second: ProbeResult | undefined, verdict: string]>([
    ['refuses without and answers with credentials', answered(401), answered(200), 'passed'],
    ['answers with the error of the model', answered(401), answered(424), 'passed'],
    ['answers without credentials', answered(200), undefined, 'failed'],
    ['refuses the credentials too', answered(401), answered(401), 'inconclusive'],
    ['has no deployment with traffic', answered(401), answered(404), 'inconclusive'],
    ['is silent with credentials', answered(401), silent, 'inconclusive'],
    ['refuses, and there are no credentials', answered(401), undefined, 'inconclusive'],
    ['does not say that it refuses', answered(404), answered(200), 'inconclusive'],
    ['is closed', refusedByNetwork, undefined, 'inconclusive'],
    ['is closed after it has read the credentials', answered(401), refusedByNetwork, 'inconclusive'],
  ])('%s', async (_what, first, second, verdict) => {
    expect((await evaluate(first, second)).verdict).toBe(verdict);
  });

  test('may be closed while its workspace is', async () => {
    expect((await evaluate(refusedByNetwork, undefined, true)).verdict).toBe('passed');
    expect((await evaluate(answered(401), refusedByNetwork, true)).verdict).toBe('passed');
    expect((await evaluate(answered(200), undefined, true)).verdict).toBe('failed');
  });
});

const open = {
  workspacePublicNetworkAccess: 'enabled',
  endpointPublicNetworkAccess: 'enabled',
  egressPublicNetworkAccess: 'enabled',
} as const;

const close = (key: 'workspace' | 'onlineEndpoint') => (cloud: Cloud) => {
  cloud.of(key)['publicNetworkAccess'] = 'Disabled';
};
const setEgress = (cloud: Cloud) => {
  cloud.of('deployment')['egressPublicNetworkAccess'] = 'Disabled';
};

describe('an environment in which everything is open that a spec can open', () => {
  let harness: MutationHarness;
  beforeAll(async () => {
    harness = await startMutationHarness(open);
  }, 120_000);
  afterAll(() => harness.close());

  test.each<[what: string, mutate: (cloud: Cloud) => void, rows: string[]]>([
    ['as it was created', () => undefined, []],
    ['with an endpoint that somebody closed', close('onlineEndpoint'), ['scoring endpoint from outside: inconclusive']],
    ['with a workspace that somebody closed', close('workspace'), []],
    [
      'with a storage account that somebody closed',
      (cloud) => (cloud.of('storageAccount')['networkAcls'].defaultAction = 'Deny'),
      [],
    ],
    [
      'with a deployment without public egress',
      setEgress,
      ['egress of the deployments: inconclusive', 'managed connections of the deployments: failed'],
    ],
    [
      'with a vault that somebody opened: no spec opens it',
      (cloud) => {
        cloud.of('vault')['publicNetworkAccess'] = 'Enabled';
        cloud.of('vault')['networkAcls'].defaultAction = 'Allow';
      },
      [
        'key vault from outside: failed',
        'public network access of the key vault: failed',
        'network rules of the key vault: failed',
      ],
    ],
    [
      'seen by a worker without network',
      (cloud) => (cloud.state.objects['outside:network'] = 'closed'),
      ['workspace API', 'blob storage', 'file storage', 'key vault', 'container registry', 'scoring endpoint'].map(
        (service) => `${service} from outside: inconclusive`,
      ),
    ],
  ])('%s', async (_what, mutate, rows) => {
    expect((await harness.prove(mutate)).toSorted()).toEqual(rows.toSorted());
    expect(harness.rows()).toHaveLength(47);
  });

  test('says in its rows that the spec requests what is open', async () => {
    await harness.prove(() => undefined);
    const requested = harness.rows().filter(({ expected }) => expected.includes('the spec requests'));
    expect(requested.map(({ check }) => check)).toMatchSnapshot();
    const scoring = harness.rows().find(({ check }) => check === 'scoring endpoint from outside');
    expect(scoring?.observed).toMatch(
      /^answered 401 at .* without credentials; answered \d+ at .* with the endpoint’s key$/,
    );
  });

  test('a repair closes only what the spec closes', async () => {
    await harness.prove((cloud) => {
      cloud.of('vault')['publicNetworkAccess'] = 'Enabled';
      setEgress(cloud);
    });
    const { activities, ref } = harness.emulator;
    const repairs = plannedRepairs(ref, harness.rows());
    expect(repairs.map(({ key }) => key)).toEqual(['vault']);
    for (const key of ['vault', 'storageAccount', 'registry', 'workspace', 'onlineEndpoint'] as const)
      await untilDone(activities.ensureResource, {
        ref,
        key,
        readFirst: true,
        rewrite: true,
        options: isolationOf(open),
      });
    const { rows } = await untilDone(activities.proveFromArm, { ref, ...open });
    const access = rows.filter(({ check }) => check.startsWith('public network access'));
    expect(access.map(({ check, observed }) => `${check.split(' of the ')[1]}: ${observed}`)).toEqual([
      'workspace: Enabled',
      'storage account: Enabled',
      'key vault: Disabled',
      'container registry: Enabled',
      'online endpoint: Enabled',
    ]);
  });
});
