import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure, credential, workspaceBody } from './servicesHarness.ts';

let azure: Azure;
const client = (): AzureMachineLearningWorkspaces =>
  new AzureMachineLearningWorkspaces(credential, azure.subscriptionId, azure.clientOptions);

beforeAll(async () => {
  azure = await Azure.start();
});
afterAll(() => azure.stop());

describe('a workspace', () => {
  it('is created with its identity, its URLs and a default datastore in its storage account', async () => {
    await azure.workspace('rg-a', 'aaaa01');
    const workspace = await client().workspaces.get('rg-a', 'mlw-aaaa01');
    expect(workspace.workspaceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(workspace.identity?.principalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(workspace.discoveryUrl).toBe('https://westus2.api.azureml.ms/discovery');
    expect(workspace.v1LegacyMode).toBe(false);
    const store = await client().datastores.get('rg-a', 'mlw-aaaa01', 'workspaceblobstore');
    const defaults: (string | undefined)[] = [];
    for await (const { name } of client().datastores.list('rg-a', 'mlw-aaaa01', { isDefault: true }))
      defaults.push(name);
    expect(defaults).toEqual(['workspaceblobstore']);
    expect(store.properties).toMatchObject({
      isDefault: true,
      datastoreType: 'AzureBlob',
      accountName: 'staaaa01',
      containerName: `azureml-blobstore-${workspace.workspaceId}`,
    });
  });

  it('is in v1 legacy mode when an old api-version created it, and then refuses endpoints', async () => {
    const on = await azure.createWorkspaceDependencies('rg-b', 'bbbb01');
    const id = `${azure.groupId('rg-b')}/providers/Microsoft.MachineLearningServices/workspaces/mlw-bbbb01`;
    await azure.putResource(id, workspaceBody(on), { 'api-version': '2021-07-01' });
    const refused = await azure.send('put', `${id}/onlineEndpoints/legacy1`, {
      location: 'westus2',
      identity: { type: 'SystemAssigned' },
      properties: { authMode: 'Key' },
    });
    expect(refused.message).toContain('V1LegacyMode == true');
    await azure.send('patch', id, { properties: { v1LegacyMode: false } });
    expect(((await azure.untilSettled(id))['properties'] as JsonObject)['v1LegacyMode']).toBe(false);
  });

  it('needs all of its dependencies, in its own subscription', async () => {
    const on = await azure.createWorkspaceDependencies('rg-c', 'cccc01');
    const id = `${azure.groupId('rg-c')}/providers/Microsoft.MachineLearningServices/workspaces/mlw-cccc01`;
    const missing = await azure.send('put', id, workspaceBody({ ...on, vault: `${on.vault}x` }));
    expect(missing).toMatchObject({ status: 400, code: 'ResourceNotFound' });
    const elsewhere = workspaceBody({ ...on, storage: on.storage.replace(azure.subscriptionId, crypto.randomUUID()) });
    expect((await azure.send('put', id, elsewhere)).status).toBe(400);
  });

  it('keeps its managed network as requested', async () => {
    const id = await azure.workspace('rg-d', 'dddd01', { managedNetwork: { isolationMode: 'AllowInternetOutbound' } });
    const { body } = await azure.send('get', id);
    expect(body['properties']).toMatchObject({ managedNetwork: { isolationMode: 'AllowInternetOutbound' } });
  });

  it('is soft-deleted: its name is taken until the purge', async () => {
    const id = await azure.workspace('rg-e', 'eeee01');
    const on = {
      storage: `${azure.groupId('rg-e')}/providers/Microsoft.Storage/storageAccounts/steeee01`,
      vault: `${azure.groupId('rg-e')}/providers/Microsoft.KeyVault/vaults/kveeee01`,
      registry: `${azure.groupId('rg-e')}/providers/Microsoft.ContainerRegistry/registries/creeee01`,
      insights: `${azure.groupId('rg-e')}/providers/Microsoft.Insights/components/appi-eeee01`,
    };
    await azure.send('delete', id);
    await azure.untilDeleted(id);
    const refused = await azure.send('put', id, workspaceBody(on));
    expect(refused).toMatchObject({ status: 400, code: 'BadRequest' });
    expect(refused.message).toContain('Soft-deleted workspace exists. Please purge or recover it.');
    expect((await azure.send('delete', id)).status).toBe(204);
    await azure.hang('DELETE', id);
    const purge = () => azure.send('delete', id, undefined, { forceToPurge: 'true' });
    expect([(await purge()).status, (await purge()).status]).toEqual([202, 202]);
    expect((await azure.send('put', id, workspaceBody(on))).message).toContain('Soft-deleted workspace exists');
    await azure.send('delete', '/_emulator/faults');
    expect((await azure.send('put', id, workspaceBody(on))).status).toBeLessThan(300);
    await azure.untilSettled(id);
  });

  it('is soft-deleted by the deletion of its group', async () => {
    const id = await azure.workspace('rg-h', 'hhhh01');
    const group = azure.groupId('rg-h');
    await azure.send('delete', group);
    await azure.untilDeleted(group);
    await azure.putResource(group, { location: 'westus2' });
    const nothing = { storage: 'none', vault: 'none', registry: 'none', insights: 'none' };
    const refused = await azure.send('put', id, workspaceBody(nothing));
    expect(refused.message).toContain('Soft-deleted workspace exists');
  });

  it('that is purged frees its name', async () => {
    const id = await azure.workspace('rg-f', 'ffff01');
    const { body } = await azure.send('get', id);
    await azure.send('delete', id, undefined, { forceToPurge: 'true' });
    await azure.untilDeleted(id);
    const { storageAccount, keyVault, containerRegistry, applicationInsights } = body['properties'] as Record<
      string,
      string
    >;
    const recreated = workspaceBody({
      storage: storageAccount ?? '',
      vault: keyVault ?? '',
      registry: containerRegistry ?? '',
      insights: applicationInsights ?? '',
    });
    expect((await azure.send('put', id, recreated)).status).toBeLessThan(300);
  });

  it('creates the parent of an asset version, and a registered version does not change', async () => {
    await azure.workspace('rg-g', 'abcd01');
    const codeUri = 'https://stabcd01.blob.core.windows.net/azureml-blobstore-x/moat/1/code';
    const { codeVersions, codeContainers } = client();
    await codeVersions.createOrUpdate('rg-g', 'mlw-abcd01', 'score', '1', { properties: { codeUri } });
    expect((await codeContainers.get('rg-g', 'mlw-abcd01', 'score')).properties.latestVersion).toBe('1');
    await expect(
      codeVersions.createOrUpdate('rg-g', 'mlw-abcd01', 'score', '1', { properties: { codeUri: `${codeUri}2` } }),
    ).rejects.toMatchObject({ statusCode: 409 });
  });
});
