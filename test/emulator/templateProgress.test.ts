import { afterEach, beforeEach, expect, test } from 'vitest';
import { Arm } from './armHarness.ts';
import { Deployments, securityGroup } from './templateHarness.ts';

let arm: Arm;
let deployments: Deployments;

async function start(timeScale = 1 / 2000): Promise<void> {
  arm = new Arm({ timeScale }, 'progress');
  deployments = new Deployments(arm);
  await arm.start();
  await arm.control('PUT', 'throttling', { enabled: false });
}

beforeEach(() => start());
afterEach(() => arm.stop());

const chain = { resources: [securityGroup('one'), securityGroup('two', { dependsOn: ['one'] })] };

/** Deploys the chain, and returns when its first resource, whose operation never ends, is being created. */
async function hangAtFirst(): Promise<void> {
  const match = { method: 'PUT', id: '/networkSecurityGroups/one' };
  await arm.control('POST', 'faults', { match, effect: { hangOperation: true } });
  await deployments.put('main', chain);
  for (;;) if ((await deployments.operations('main')).length > 0) return;
}

test('a deployment continues after a restart', async () => {
  await hangAtFirst();
  await arm.restart();
  expect(await deployments.operations('main')).toEqual([['one', 'Running']]);
  await arm.control('DELETE', 'faults');
  const { properties } = await deployments.ended('main');
  expect(properties).toMatchObject({ provisioningState: 'Succeeded', outputResources: [{}, {}] });
});

test('a running deployment can be neither replaced nor deleted', async () => {
  await hangAtFirst();
  const { status, body } = await deployments.put('main', chain);
  expect([status, body.error.code]).toEqual([409, 'DeploymentActive']);
  expect(body.error.message).toMatch(/^Unable to edit or replace deployment 'main': .+ is still active/);
  expect((await arm.send('DELETE', deployments.id('main'))).status).toBe(409);
});

test('a canceled deployment sends no further resource', async () => {
  await hangAtFirst();
  expect((await arm.send('POST', `${deployments.id('main')}/cancel`)).status).toBe(204);
  await arm.control('DELETE', 'faults');
  await arm.untilSettled(arm.id('Microsoft.Network/networkSecurityGroups', 'one'));
  // Another deployment, so that the first one would have had its turn.
  await deployments.deploy('other', { resources: [securityGroup('three')] });
  const { body } = await arm.send('GET', deployments.id('main'));
  expect(body.properties).toMatchObject({ provisioningState: 'Canceled', error: { code: 'DeploymentCanceled' } });
  expect((await arm.send('GET', arm.id('Microsoft.Network/networkSecurityGroups', 'two'))).status).toBe(404);
});

test('a deployment that has not ended after 7 days fails', async () => {
  await arm.stop();
  // 7 days are 0.3 s.
  await start(1 / 2_000_000);
  await hangAtFirst();
  const { properties } = await deployments.ended('main');
  expect(properties).toMatchObject({ provisioningState: 'Failed', error: { code: 'DeploymentTimedOut' } });
});

test('the deletion of its group ends a deployment and removes it', async () => {
  await hangAtFirst();
  const { status } = await arm.send('DELETE', arm.group('progress'));
  expect(status).toBe(202);
  expect((await arm.untilSettled(arm.group('progress'))).status).toBe(404);
  await arm.put(arm.group('progress'), { location: 'westus2' });
  expect((await arm.send('GET', deployments.id('main'))).body.error.code).toBe('DeploymentNotFound');
  expect((await arm.send('GET', `${arm.group('progress')}/resources`)).body.value).toEqual([]);
});
