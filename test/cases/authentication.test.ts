import { beforeAll, describe, expect, test } from 'vitest';
import type { Spec } from '../../src/domain/environment.ts';
import { requestFromOutside } from '../../src/emulator/dataPlane/routing.ts';
import { readToken } from '../../src/emulator/providers/machineLearningServices/onlineEndpointActions.ts';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { clientId, scoringUri } from '../emulator/isolatedCloud.ts';
import { deployed } from './scoringSupport.ts';
import type { Deployed } from './scoringSupport.ts';

const modes = { key: 'Key', amlToken: 'AMLToken', aadToken: 'AADToken' } as const;
const roles = { key: 'keys', amlToken: 'token', aadToken: 'score' } as const;
type Mode = Spec['authMode'];
const each = Object.keys(modes) as Mode[];
/** Answers every request alike. */
const model = { answerText: '[1]' };
const role = 'Microsoft.Authorization/roleAssignments';

/** An endpoint with a mode of authentication, and a jumpbox whose identity has one role on it. */
async function endpointWith(mode: Mode, granted: Mode | undefined): Promise<Deployed> {
  const deployment = await deployed(model);
  const { cloud, endpoint } = deployment.isolated;
  endpoint.properties['authMode'] = modes[mode];
  for (const { id, name } of cloud.ofType(role)) if (name === 'keys') cloud.remove(id);
  if (granted) deployment.isolated.assign(roles[granted]);
  return deployment;
}

const tokenOf = (...endpoint: Parameters<typeof readToken>) => readToken(...endpoint)['accessToken'] as string;

async function score({ isolated }: Deployed, authMode: Mode) {
  const { cloud, vm, endpoint } = isolated;
  const input = { clientId, endpointId: endpoint.id, scoringUri, authMode, request: { data: [[1]] } };
  const ran = await runScript(cloud, vm, jumpboxCommand('score', input));
  return { ran, read: async () => readOutcome('score', { ...ran, executionState: ran.state }) };
}

describe.each(each)('an endpoint with the mode %s', (mode) => {
  test('is scored from the jumpbox with the one role that the mode needs, and no credential is in the output', async () => {
    const deployment = await endpointWith(mode, mode);
    const { ran, read } = await score(deployment, mode);
    expect(await read()).toMatchObject({ status: 200, body: [1] });
    const { cloud, endpoint } = deployment.isolated;
    expect(JSON.stringify(ran)).not.toMatch(/emulated-token|eyJ/);
    expect(JSON.stringify(ran)).not.toContain(endpoint.secrets!['primaryKey']);
    expect(cloud.ofType(role).map(({ name }) => name)).toEqual(['push', 'blobs', roles[mode]]);
  });

  test.each(each.filter((other) => other !== mode))('is not scored with the role of %s', async (other) => {
    const { read } = await score(await endpointWith(mode, other), mode);
    if (mode === 'aadToken') expect(await read()).toMatchObject({ status: 401 });
    else await expect(read()).rejects.toMatchObject({ type: 'Forbidden' });
  });

  test('refuses the credentials of the other modes', async () => {
    const { cloud, endpoint } = (await endpointWith(mode, mode)).isolated;
    endpoint.properties['publicNetworkAccess'] = 'Enabled';
    const send = async (credential?: string) => {
      const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
      const exchange = await requestFromOutside(cloud, { url: scoringUri, method: 'POST', headers, body: '{}' });
      return 'status' in exchange ? exchange.status : exchange.fault;
    };
    const credentials = {
      key: endpoint.secrets!['primaryKey'] as string,
      amlToken: tokenOf(cloud, endpoint),
      aadToken: 'emulator',
    };
    expect(await send()).toBe(401);
    for (const kind of each) expect([kind, await send(credentials[kind])]).toEqual([kind, kind === mode ? 200 : 401]);
  });
});

describe('tokens', () => {
  let deployment: Deployed;
  beforeAll(async () => {
    deployment = await endpointWith('amlToken', 'amlToken');
    deployment.isolated.endpoint.properties['publicNetworkAccess'] = 'Enabled';
  });
  const sent = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return requestFromOutside(deployment.isolated.cloud, { url: scoringUri, method: 'POST', headers, body: '{}' });
  };

  test('of an endpoint end after twelve hours', async () => {
    const { cloud, endpoint } = deployment.isolated;
    const token = tokenOf(cloud, endpoint);
    expect(await sent(token)).toMatchObject({ status: 200 });
    cloud.clock += 12 * 3_600_000;
    expect(await sent(token)).toMatchObject({ status: 401 });
  });

  test('of another endpoint are refused', async () => {
    const { cloud, endpoint } = deployment.isolated;
    const other = { ...endpoint, secrets: { primaryKey: 'another' } };
    expect(await sent(tokenOf(cloud, other))).toMatchObject({ status: 401 });
  });
});
