import type { OutboundRule } from '../../src/domain/environment.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { sampleOf } from '../../src/domain/samples.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import { createResource, deleteResource, untilDone } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { createFoundation } from '../activities/soundEnvironment.ts';

/**
 * Sends every kind of body that Moat has to the emulator: all resources of an environment, roles, run commands, versions,
 * deployment, traffic, tags. Then reads every resource again, in its final state, and lists what has lists.
 */
export async function createEverything(harness: EmulatorHarness): Promise<void> {
  const { activities, ref } = harness;
  await createFoundation(harness);
  await createResource(harness, 'networkInterface');
  await createResource(harness, 'virtualMachine');
  await createResource(harness, 'buildInternetRule');
  await onJumpbox(harness, 'setUp');
  const uploaded = await onJumpbox(harness, 'buildImage', { model: 'mlflow' });
  await createResource(harness, 'buildInternetRule', {}, true);
  await deleteResource(harness, plannedResource(ref, 'buildInternetRule').id);

  await createResource(harness, 'onlineEndpoint');
  const versions = await untilDone(activities.registerVersions, { ref, uploaded, format: 'mlflow' });
  const probe = { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 30 };
  await createResource(harness, 'deployment', {
    versions,
    instanceType: 'Standard_DS2_v2',
    instanceCount: 1,
    format: 'mlflow',
    probe,
    requestTimeoutSeconds: 90,
    maxConcurrentRequests: 2,
  });
  await createResource(harness, 'onlineEndpoint', { traffic: 100 }, true);
  await onJumpbox(harness, 'score', { request: sampleOf('mlflow').request });
  await onJumpbox(harness, 'verify');

  await untilDone(activities.tagGroup, { ref, tags: { markedAt: null, expiresAt: '2026-11-27T08:00:00Z' } });
  await createResource(harness, 'workspace', { workspacePublicNetworkAccess: 'enabled' }, true);
  await createManagedNetwork(harness);
  await readEverything(harness);
}

/** The workspace with a managed network that has a rule of each form. */
async function createManagedNetwork(harness: EmulatorHarness): Promise<void> {
  const { activities, ref } = harness;
  const id = await createResource(harness, 'workspace', { isolation: 'managedNetwork' }, true);
  const outboundRules: OutboundRule[] = [
    { name: 'pypi', type: 'fqdn', destination: 'pypi.org' },
    { name: 'monitor', type: 'serviceTag', serviceTag: 'AzureMonitor', protocol: 'TCP', portRanges: '80,443' },
    {
      name: 'queue',
      type: 'privateEndpoint',
      resourceId: plannedResource(ref, 'storageAccount').id,
      subresource: 'queue',
    },
  ];
  await untilDone(activities.grantApprover, { ref, outboundRules });
  await untilDone(activities.provisionNetwork, { ref, id, outboundRules });
}

async function onJumpbox<Name extends CommandName>(
  { activities, ref }: EmulatorHarness,
  command: Name,
  more: object = {},
): Promise<CommandResults[Name]> {
  const name = `${command}-provision-1-1`;
  const { id } = await untilDone(activities.beginJumpboxCommand, { ref, command, name, ...more });
  return untilDone(activities.observeJumpboxCommand, { id, command });
}

/** GETs all resources of the group, their lists, and the versions of assets, as they are at the end. */
async function readEverything({ azure, activities, ref }: EmulatorHarness): Promise<void> {
  const { resources } = await untilDone(activities.listGroup, { ref });
  const group = resources[0]!.id.replace(/\/providers\/.*/, '');
  const get = (path: string, version: string) => azure.generic.send('GET', path, version);
  for (const { id, type } of resources) await get(id, readVersions[type.split('/')[0]!] ?? '2024-01-01');
  await get(`${group}/providers/Microsoft.Network/virtualNetworks`, readVersions['Microsoft.Network']!);
  await get(`${group}/providers/Microsoft.Network/networkInterfaces`, readVersions['Microsoft.Network']!);
  await get(`${group}/providers/Microsoft.Storage/storageAccounts`, readVersions['Microsoft.Storage']!);
  await get(`${group}/providers/Microsoft.KeyVault/vaults`, readVersions['Microsoft.KeyVault']!);
  const rules = `${plannedResource(ref, 'workspace').id}/outboundRules`;
  await get(rules, readVersions['Microsoft.MachineLearningServices']!);
}

/** The api-versions with which the test itself reads. */
const readVersions: Record<string, string> = {
  'Microsoft.Network': '2025-09-01',
  'Microsoft.Storage': '2026-04-01',
  'Microsoft.KeyVault': '2026-02-01',
  'Microsoft.MachineLearningServices': '2025-12-01',
  'Microsoft.Compute': '2026-04-01',
  'Microsoft.ContainerRegistry': '2025-11-01',
};
