import { StorageManagementClient } from '@azure/arm-storage';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Azure, credential, finish } from './servicesHarness.ts';

const location = 'westus2';
let azure: Azure;

const storageClient = (): StorageManagementClient =>
  new StorageManagementClient(credential, azure.subscriptionId, azure.clientOptions);
const vaultClient = (): KeyVaultManagementClient =>
  new KeyVaultManagementClient(credential, azure.subscriptionId, azure.clientOptions);
const registryClient = (): ContainerRegistryManagementClient =>
  new ContainerRegistryManagementClient(credential, azure.subscriptionId, azure.clientOptions);

beforeAll(async () => {
  azure = await Azure.start();
  await azure.putResource(azure.groupId('rg'), { location });
  await azure.putResource(azure.groupId('other'), { location });
});
afterAll(() => azure.stop());

describe('a storage account', () => {
  const body = { location, kind: 'StorageV2' as const, sku: { name: 'Standard_LRS' as const } };
  it('is created with its endpoints, keeps its network settings, and returns its keys only through listKeys', async () => {
    const wanted = { ...body, networkRuleSet: { bypass: 'AzureServices' as const, defaultAction: 'Deny' as const } };
    await finish(
      storageClient().storageAccounts.create('rg', 'stfirst1', { ...wanted, publicNetworkAccess: 'Disabled' }),
    );
    const account = await storageClient().storageAccounts.getProperties('rg', 'stfirst1');
    expect(account.provisioningState).toBe('Succeeded');
    expect(account.primaryEndpoints?.blob).toBe('https://stfirst1.blob.core.windows.net/');
    expect(account.networkRuleSet?.defaultAction).toBe('Deny');
    expect(account.publicNetworkAccess).toBe('Disabled');
    expect(account.encryption).toMatchObject({ keySource: 'Microsoft.Storage', services: { blob: { enabled: true } } });
    const { keys } = await storageClient().storageAccounts.listKeys('rg', 'stfirst1');
    expect(keys?.map(({ keyName }) => keyName)).toEqual(['key1', 'key2']);
    expect(JSON.stringify(account)).not.toContain(keys?.[0]?.value ?? 'no key');
  });

  it('has a blob service from the start, in which containers are created and listed', async () => {
    await finish(storageClient().storageAccounts.create('rg', 'stcontainers', body));
    await storageClient().blobContainers.create('rg', 'stcontainers', 'models', {});
    const names: (string | undefined)[] = [];
    for await (const container of storageClient().blobContainers.list('rg', 'stcontainers')) names.push(container.name);
    expect(names).toEqual(['models']);
  });

  it('needs a globally unique name', async () => {
    await finish(storageClient().storageAccounts.create('rg', 'sttaken1', body));
    await expect(storageClient().storageAccounts.create('other', 'sttaken1', body).submitted()).rejects.toMatchObject({
      code: 'StorageAccountInAnotherResourceGroup',
    });
    await expect(storageClient().storageAccounts.create('rg', 'St-Bad', body).submitted()).rejects.toMatchObject({
      code: 'AccountNameInvalid',
    });
    const check = await storageClient().storageAccounts.checkNameAvailability({
      name: 'sttaken1',
      type: 'Microsoft.Storage/storageAccounts',
    });
    expect(check).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
  });
});

describe('a key vault', () => {
  const properties = {
    tenantId: '00000000-0000-0000-0000-000000000001',
    sku: { family: 'A' as const, name: 'standard' as const },
    enableRbacAuthorization: true,
    softDeleteRetentionInDays: 7,
  };

  it('is soft-deleted: its name is free after the purge', async () => {
    const { vaults } = vaultClient();
    await finish(vaults.createOrUpdate('rg', 'kvsoft1', { location, properties }));
    await vaults.delete('rg', 'kvsoft1');
    const deleted = await vaults.getDeleted('kvsoft1', location);
    expect(deleted.properties?.vaultId).toMatch(/\/vaults\/kvsoft1$/);
    await expect(vaults.createOrUpdate('rg', 'kvsoft1', { location, properties }).submitted()).rejects.toMatchObject({
      code: 'ConflictError',
    });
    const kinds = ['deletedVaults', 'deletedManagedHSMs'];
    const [softly, hsms] = await Promise.all(
      kinds.map((kind) =>
        azure.send('get', `/subscriptions/${azure.subscriptionId}/providers/Microsoft.KeyVault/${kind}`),
      ),
    );
    expect(softly?.body['value']).toContainEqual(expect.objectContaining({ name: 'kvsoft1' }));
    expect(hsms?.body['value']).toEqual([]);
    await finish(vaults.purgeDeleted('kvsoft1', location));
    await expect(vaults.getDeleted('kvsoft1', location)).rejects.toMatchObject({ statusCode: 404 });
    await finish(vaults.createOrUpdate('rg', 'kvsoft1', { location, properties }));
  });

  it('can be recovered with its properties', async () => {
    const { vaults } = vaultClient();
    const tags = { team: 'a' };
    await finish(vaults.createOrUpdate('rg', 'kvback1', { location, tags, properties }));
    await vaults.delete('rg', 'kvback1');
    await finish(
      vaults.createOrUpdate('rg', 'kvback1', { location, properties: { ...properties, createMode: 'recover' } }),
    );
    expect((await vaults.get('rg', 'kvback1')).properties?.enableRbacAuthorization).toBe(true);
    await expect(vaults.getDeleted('kvback1', location)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('that is protected from purging keeps its name', async () => {
    const { vaults } = vaultClient();
    await finish(
      vaults.createOrUpdate('rg', 'kvguard1', { location, properties: { ...properties, enablePurgeProtection: true } }),
    );
    await vaults.delete('rg', 'kvguard1');
    await expect(vaults.purgeDeleted('kvguard1', location).submitted()).rejects.toMatchObject({ statusCode: 403 });
    expect(await vaults.checkNameAvailability({ name: 'kvguard1', type: 'Microsoft.KeyVault/vaults' })).toMatchObject({
      nameAvailable: false,
    });
  });

  it('is soft-deleted by the deletion of its group', async () => {
    await azure.putResource(azure.groupId('gone'), { location });
    await finish(vaultClient().vaults.createOrUpdate('gone', 'kvorphan1', { location, properties }));
    await azure.send('delete', azure.groupId('gone'));
    await azure.untilDeleted(azure.groupId('gone'));
    expect((await vaultClient().vaults.getDeleted('kvorphan1', location)).name).toBe('kvorphan1');
  });
});

describe('a container registry', () => {
  it('returns credentials only while its admin user is enabled', async () => {
    const { registries } = registryClient();
    await finish(registries.create('rg', 'crAdmin1', { location, sku: { name: 'Premium' } }));
    expect(await registries.get('rg', 'crAdmin1')).toMatchObject({
      loginServer: 'cradmin1.azurecr.io',
      networkRuleSet: { defaultAction: 'Allow' },
      encryption: { status: 'disabled' },
      policies: { exportPolicy: { status: 'enabled' }, retentionPolicy: { days: 7 } },
    });
    await expect(registries.listCredentials('rg', 'crAdmin1')).rejects.toMatchObject({
      code: 'UnAuthorizedForCredentialOperations',
    });
    await finish(registries.create('rg', 'crAdmin1', { location, sku: { name: 'Premium' }, adminUserEnabled: true }));
    expect((await registries.listCredentials('rg', 'crAdmin1')).passwords).toHaveLength(2);
  });

  it('can disable public access in the Premium tier only', async () => {
    const { registries } = registryClient();
    const closed = { location, publicNetworkAccess: 'Disabled' as const };
    const basic = registries.create('rg', 'crdoor1', { ...closed, sku: { name: 'Basic' } });
    await expect(basic.submitted()).rejects.toMatchObject({ code: 'SkuNotSupported' });
    await registries.create('rg', 'crdoor1', { ...closed, sku: { name: 'Premium' } }).submitted();
  });
});

describe('application insights', () => {
  it('needs a Log Analytics workspace, since classic components are retired', async () => {
    const id = `${azure.groupId('rg')}/providers/Microsoft.Insights/components/appi-classic`;
    const refused = await azure.send('put', id, { location, kind: 'web', properties: { Application_Type: 'web' } });
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.message).toContain('WorkspaceResourceId');
  });
});
