import { expect } from 'vitest';
import { hasOwnEndpoints, isolationOf } from '../../src/domain/isolationSpec.ts';
import type { IsolationSpec } from '../../src/domain/isolationSpec.ts';
import { hasManagedNetwork } from '../../src/domain/managedNetwork.ts';
import { privateLinkKeys, zoneNames } from '../../src/domain/privateLinks.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { scoringRoles } from '../../src/domain/roleDefinitions.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';
import { createResource, untilDone, deleteResource } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

/** Runs a command on the jumpbox as the workflow does. */
export async function onJumpbox<Name extends CommandName>(
  { activities, ref }: EmulatorHarness,
  command: Name,
  more: object = {},
): Promise<CommandResults[Name]> {
  const name = `${command}-provision-1-1`;
  const { id } = await untilDone(activities.beginJumpboxCommand, { ref, command, name, ...more });
  const result = await untilDone(activities.observeJumpboxCommand, { id, command });
  await untilDone(activities.deleteJumpboxCommand, { id });
  return result;
}

/** What a spec may request of an environment's resources. */
export type Requested = Partial<
  Pick<Spec, keyof IsolationSpec | 'instanceType' | 'instanceCount' | 'probe' | 'requestTimeoutSeconds' | 'jumpbox'>
>;

/** Creates an environment up to its private links and roles, without machines. `keyReader`: an existing role that the spec names. */
export async function createFoundation(
  harness: EmulatorHarness,
  keyReader?: string,
  requested: Requested = {},
): Promise<void> {
  const { activities, ref } = harness;
  const isolation = isolationOf(requested);
  const makeAll = (keys: readonly ResourceKey[]) =>
    Promise.all(keys.map((key) => createResource(harness, key, isolation)));
  const tags = { environment: ref.name, owner: 'ana@example.com', spec: 'h1' };
  await untilDone(activities.ensureGroup, { ref, tags });

  await makeAll(['networkSecurityGroup', 'natAddress']);
  await createResource(harness, 'natGateway');
  await createResource(harness, 'virtualNetwork');
  await makeAll(zoneNames.map((zone): ResourceKey => `zone:${zone}`));
  await makeAll(zoneNames.map((zone): ResourceKey => `zoneLink:${zone}`));
  await makeAll(['logAnalytics', 'storageAccount', 'vault', 'registry', 'identity']);
  await createResource(harness, 'applicationInsights');
  await createResource(harness, 'workspace', isolation);
  for (const link of privateLinkKeys) await createResource(harness, `privateEndpoint:${link}`);
  await makeAll(privateLinkKeys.map((link): ResourceKey => `zoneGroup:${link}`));
  await untilDone(activities.checkPrivateLinks, { ref });

  for (const role of ['pushImages', 'uploadBlobs'] as const) await untilDone(activities.grantRole, { ref, role });
  const named = keyReader === undefined ? {} : { roleDefinitionId: keyReader };
  await untilDone(activities.grantRole, { ref, role: scoringRoles[isolation.authMode], ...named });
}

/** Creates a whole environment, deployment included. `keyReader`: an existing role that the spec names. */
export async function createEnvironment(
  harness: EmulatorHarness,
  model: Spec['model'],
  keyReader?: string,
  requested: Requested = {},
): Promise<void> {
  const { activities, ref } = harness;
  const { jumpbox, ...serving } = { ...specDefaults, ...requested };
  const format = typeof model === 'string' ? model : model.format;
  await createFoundation(harness, keyReader, requested);
  await createResource(harness, 'networkInterface');
  await createResource(harness, 'virtualMachine', { vmSize: jumpbox.sizes[0]!, diskGb: jumpbox.diskGb });
  await createResource(harness, 'buildInternetRule');
  await onJumpbox(harness, 'setUp');
  const uploaded = await onJumpbox(harness, 'buildImage', { model, serving: serving.serving });
  await deleteResource(harness, plannedResource(ref, 'buildInternetRule').id);

  const isolation = isolationOf(requested);
  await createResource(harness, 'onlineEndpoint', isolation);
  if (hasManagedNetwork(isolation)) {
    const { outboundRules } = isolation;
    await untilDone(activities.grantApprover, { ref, outboundRules });
    await untilDone(activities.provisionNetwork, { ref, id: plannedResource(ref, 'workspace').id, outboundRules });
  }
  const versions = await untilDone(activities.registerVersions, { ref, uploaded, format });
  expect(await untilDone(activities.registerVersions, { ref, uploaded, format })).toEqual(versions);
  await createResource(harness, 'deployment', { ...serving, versions, format });
  await createResource(harness, 'onlineEndpoint', { ...isolation, traffic: 100 }, true);
  if (hasOwnEndpoints(isolation)) await untilDone(activities.checkEgressConnections, { ref });
}
