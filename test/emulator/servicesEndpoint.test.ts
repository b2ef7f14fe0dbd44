import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { OnlineDeployment, OnlineEndpoint } from '@azure/arm-machinelearning';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure, credential, finish } from './servicesHarness.ts';

const location = 'westus2';
const group = 'rg-moat-e';
const workspaceName = 'mlw-endpt1';
const image = 'crendpt1.azurecr.io/moat/score:v1';
let azure: Azure;
let workspace: string;
let endpointName: string;
let endpoints = 0;

const client = (): AzureMachineLearningWorkspaces =>
  new AzureMachineLearningWorkspaces(credential, azure.subscriptionId, azure.clientOptions);

const endpointBody = (change: Partial<OnlineEndpoint['properties']> = {}): OnlineEndpoint => ({
  location,
  identity: { type: 'SystemAssigned' },
  properties: { authMode: 'Key', publicNetworkAccess: 'Disabled', ...change },
});

const putEndpoint = (name: string, change: Partial<OnlineEndpoint['properties']> = {}): Promise<unknown> =>
  finish(client().onlineEndpoints.beginCreateOrUpdate(group, workspaceName, name, endpointBody(change)));

const deploymentBody = (change: Partial<OnlineDeployment['properties']> = {}, capacity = 1): OnlineDeployment => ({
  location,
  sku: { name: 'Default', capacity },
  properties: {
    endpointComputeType: 'Managed',
    instanceType: 'Standard_F2s_v2',
    egressPublicNetworkAccess: 'Disabled',
    model: `${workspace}/models/linear/versions/1`,
    environmentId: `${workspace}/environments/scoring/versions/1`,
    codeConfiguration: { codeId: `${workspace}/codes/score/versions/1`, scoringScript: 'score.py' },
    ...change,
  },
});

const putDeployment = (change: Partial<OnlineDeployment['properties']> = {}, capacity = 1): Promise<unknown> =>
  finish(
    client().onlineDeployments.beginCreateOrUpdate(
      group,
      workspaceName,
      endpointName,
      'blue',
      deploymentBody(change, capacity),
    ),
  );

/** The error of a failed operation. */
const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'it came up',
    (error: unknown) => (error as Error).message,
  );

beforeAll(async () => {
  azure = await Azure.start();
  workspace = await azure.workspace(group, 'endpt1');
  const { datastores, codeVersions, modelVersions, environmentVersions } = client();
  const store = await datastores.get(group, workspaceName, 'workspaceblobstore');
  const { containerName } = store.properties as { containerName?: string };
  const blobs = `https://stendpt1.blob.core.windows.net/${containerName}/moat/0a`;
  await azure.object(`image:${image}`, { digest: 'sha256:0a' });
  await azure.object(`blob:stendpt1/${containerName}/moat/0a/code/score.py`, 'def run(raw_data): pass');
  await azure.object(`blob:stendpt1/${containerName}/moat/0a/model/model.json`, '{}');
  const modelUri = 'azureml://datastores/workspaceblobstore/paths/moat/0a/model';
  await codeVersions.createOrUpdate(group, workspaceName, 'score', '1', { properties: { codeUri: `${blobs}/code` } });
  await modelVersions.createOrUpdate(group, workspaceName, 'linear', '1', { properties: { modelUri } });
  await modelVersions.createOrUpdate(group, workspaceName, 'lost', '1', { properties: { modelUri: `${modelUri}x` } });
  await modelVersions.createOrUpdate(group, workspaceName, 'flow', '1', {
    properties: { modelUri, modelType: 'mlflow_model' },
  });
  const images = { scoring: image, absent: `${image}x`, curated: 'mcr.microsoft.com/azureml/minimal:latest' };
  for (const [name, of] of Object.entries(images)) {
    await environmentVersions.createOrUpdate(group, workspaceName, name, '1', { properties: { image: of } });
  }
});
afterAll(() => azure.stop());
beforeEach(() => {
  endpoints += 1;
  endpointName = `churn-${endpoints}`;
});

describe('an online endpoint', () => {
  it('has no scoring address while it is being created, but an identity', async () => {
    const match = { method: 'PUT', id: endpointName };
    await azure.send('post', '/_emulator/faults', { match, times: 1, effect: { hangOperation: true } });
    await client().onlineEndpoints.beginCreateOrUpdate(group, workspaceName, endpointName, endpointBody());
    const endpoint = await client().onlineEndpoints.get(group, workspaceName, endpointName);
    expect(endpoint.properties.provisioningState).toBe('Creating');
    expect(endpoint.properties.scoringUri ?? null).toBeNull();
    expect(endpoint.identity?.principalId).toMatch(/^[0-9a-f-]{36}$/);
    await expect(putDeployment()).rejects.toThrow(
      `Cannot create a deployment in endpoint ${endpointName} because it is in Creating provisioning state.`,
    );
  });

  it('returns its scoring address, and its keys only through listKeys', async () => {
    await putEndpoint(endpointName);
    const endpoint = await client().onlineEndpoints.get(group, workspaceName, endpointName);
    expect(endpoint.properties.scoringUri).toBe(`https://${endpointName}.westus2.inference.ml.azure.com/score`);
    const { primaryKey } = await client().onlineEndpoints.listKeys(group, workspaceName, endpointName);
    expect(primaryKey?.length).toBeGreaterThanOrEqual(32);
    expect(JSON.stringify(endpoint)).not.toContain(primaryKey);
    await finish(
      client().onlineEndpoints.beginRegenerateKeys(group, workspaceName, endpointName, { keyType: 'Primary' }),
    );
    const regenerated = await client().onlineEndpoints.listKeys(group, workspaceName, endpointName);
    expect(regenerated.primaryKey).not.toBe(primaryKey);
  });

  it('needs a name that is unique in its region, across workspaces', async () => {
    await putEndpoint(endpointName);
    const other = await azure.workspace('rg-moat-f', 'endpt2');
    const body = endpointBody() as unknown as JsonObject;
    const refused = await azure.send('put', `${other}/onlineEndpoints/${endpointName}`, body);
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.message).toContain('There is already an endpoint with this name');
    expect((await azure.send('put', `${other}/onlineEndpoints/two--dashes`, body)).status).toBe(400);
  });

  it('keeps its name reserved until its deletion has completed', async () => {
    await putEndpoint(endpointName);
    const match = { method: 'DELETE', id: endpointName };
    await azure.send('post', '/_emulator/faults', { match, times: 1, effect: { hangOperation: true } });
    await azure.send('delete', `${workspace}/onlineEndpoints/${endpointName}`);
    const other = await azure.workspace('rg-moat-g', 'endpt3');
    const body = endpointBody() as unknown as JsonObject;
    const refused = await azure.send('put', `${other}/onlineEndpoints/${endpointName}`, body);
    expect(refused.message).toContain('There is already an endpoint with this name');
    expect((await azure.send('put', `${workspace}/onlineEndpoints/${endpointName}`, body)).status).toBeGreaterThan(399);
  });

  it('fails, without naming them, unless the providers of the resources that Azure creates with it are registered', async () => {
    await azure.object('provider:microsoft.policyinsights', 'NotRegistered');
    await expect(putEndpoint(endpointName)).rejects.toThrow(/SubscriptionNotRegistered.*\[N\/A\]/);
    await azure.object('provider:microsoft.policyinsights', 'Registered');
    await putEndpoint(`${endpointName}a`);
  });

  it('with key authentication needs a vault whose firewall allows Azure services', async () => {
    const other = await azure.workspace('rg-moat-h', 'endpt4');
    const vault = `${azure.groupId('rg-moat-h')}/providers/Microsoft.KeyVault/vaults/kvendpt4`;
    await azure.send('patch', vault, { properties: { networkAcls: { bypass: 'None', defaultAction: 'Deny' } } });
    const body = endpointBody() as unknown as JsonObject;
    const refused = await azure.send('put', `${other}/onlineEndpoints/${endpointName}`, body);
    expect(refused.message).toContain('bypass AzureServices');
  });

  it('sends traffic only to deployments that exist', async () => {
    await putEndpoint(endpointName);
    await expect(putEndpoint(endpointName, { traffic: { blue: 100 } })).rejects.toMatchObject({ statusCode: 400 });
    await putDeployment();
    await putEndpoint(endpointName, { traffic: { blue: 100 } });
    const endpoint = await client().onlineEndpoints.get(group, workspaceName, endpointName);
    expect(endpoint.properties.traffic).toEqual({ blue: 100 });
  });
});

describe('a deployment', () => {
  it('succeeds when it can reach image, model and code', async () => {
    await putEndpoint(endpointName);
    await putDeployment();
    const deployment = await client().onlineDeployments.get(group, workspaceName, endpointName, 'blue');
    expect(deployment.properties.provisioningState).toBe('Succeeded');
    const logs = await client().onlineDeployments.getLogs(group, workspaceName, endpointName, 'blue', {});
    expect(logs.content).toContain('score.py');
  });

  it.each([
    ['the image is not in the registry', { environmentId: 'absent' }, /Unable to download user container image/],
    [
      'its closed egress cannot reach a public image',
      { environmentId: 'curated' },
      /Unable to download user container/,
    ],
    ['the model has no files', { model: 'lost' }, /Unable to download user model/],
    ['its model was never registered', { model: 'never' }, /model .* was not found/],
  ])('ends with BadArgument when %s', async (_title, { environmentId, model }: Record<string, string>, text) => {
    await putEndpoint(endpointName);
    const change = {
      ...(environmentId && { environmentId: `${workspace}/environments/${environmentId}/versions/1` }),
      ...(model && { model: `${workspace}/models/${model}/versions/1` }),
    };
    const message = await failure(putDeployment(change));
    expect(message).toContain('BadArgument');
    expect(message).toMatch(text);
    const deployment = await client().onlineDeployments.get(group, workspaceName, endpointName, 'blue');
    expect(deployment.properties.provisioningState).toBe('Failed');
  });

  it('with public egress cannot pull from a registry without public access', async () => {
    await putEndpoint(endpointName);
    const registry = `${azure.groupId(group)}/providers/Microsoft.ContainerRegistry/registries/crendpt1`;
    await azure.send('patch', registry, { properties: { publicNetworkAccess: 'Disabled' } });
    expect(await failure(putDeployment({ egressPublicNetworkAccess: 'Enabled' }))).toMatch(
      /does not allow public access/,
    );
    await azure.send('patch', registry, { properties: { publicNetworkAccess: 'Enabled' } });
  });

  it('with public egress needs a workspace that allows public access', async () => {
    await putEndpoint(endpointName);
    await azure.send('patch', workspace, { properties: { publicNetworkAccess: 'Disabled' } });
    expect(await failure(putDeployment({ egressPublicNetworkAccess: 'Enabled' }))).toMatch(
      /does not allow public access/,
    );
    await azure.send('patch', workspace, { properties: { publicNetworkAccess: 'Enabled' } });
  });

  it('with public egress cannot read its model from a storage account without public access', async () => {
    await putEndpoint(endpointName);
    const storage = `${azure.groupId(group)}/providers/Microsoft.Storage/storageAccounts/stendpt1`;
    await azure.send('patch', storage, { properties: { publicNetworkAccess: 'Disabled' } });
    const change = { egressPublicNetworkAccess: 'Enabled' } as const;
    expect(await failure(putDeployment(change))).toMatch(/user model .* the storage account does not allow/);
    await azure.send('patch', storage, { properties: { publicNetworkAccess: 'Enabled' } });
    expect(await failure(putDeployment(change))).toBe('it came up');
  });

  it('with public egress serves an MLflow model without code, and no other one', async () => {
    await putEndpoint(endpointName);
    const { environmentId: _, codeConfiguration: __, ...properties } = deploymentBody().properties;
    const deploy = (model: string) => {
      const own = {
        ...properties,
        egressPublicNetworkAccess: 'Enabled',
        model: `${workspace}/models/${model}/versions/1`,
      };
      const body = { ...deploymentBody(), properties: own } as unknown as JsonObject;
      return azure.putResource(`${workspace}/onlineEndpoints/${endpointName}/deployments/blue`, body);
    };
    expect(await deploy('linear')).toMatchObject({ properties: { provisioningState: 'Failed' } });
    expect(await deploy('flow')).toMatchObject({ properties: { provisioningState: 'Succeeded' } });
  });

  it('of an endpoint with its own identity needs that identity to have its roles', async () => {
    const identityId = `${azure.groupId(group)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uai-${endpointName}`;
    const { properties } = await azure.putResource(identityId, { location });
    const { principalId } = properties as { principalId: string };
    const identity = { type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } };
    const endpoint = `${workspace}/onlineEndpoints/${endpointName}`;
    await azure.putResource(endpoint, { location, identity, properties: { authMode: 'Key' } });
    expect(await failure(putDeployment())).toMatch(/BadArgument.*role assignments/);
    const roles = {
      'ContainerRegistry/registries/crendpt1': '7f951dda-4ed3-4680-a7ca-43fe172d538d',
      'Storage/storageAccounts/stendpt1': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    };
    for (const [target, role] of Object.entries(roles)) {
      const scope = `${azure.groupId(group)}/providers/Microsoft.${target}`;
      const roleDefinitionId = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
      const assignment = { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } };
      const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
      expect((await azure.send('put', id, assignment, { 'api-version': '2022-04-01' })).status).toBe(201);
    }
    expect(await failure(putDeployment())).toBe('it came up');
  });

  it('refuses an MLflow model with disabled egress, an unknown size, and a change of its egress', async () => {
    await putEndpoint(endpointName);
    await expect(putDeployment({ model: `${workspace}/models/flow/versions/1` })).rejects.toThrow(/MLflow/);
    await expect(putDeployment({ instanceType: 'Standard_Nothing' })).rejects.toThrow(/not supported/);
    await putDeployment();
    await expect(putDeployment({ egressPublicNetworkAccess: 'Enabled' })).rejects.toThrow(/cannot be changed/);
  });

  it('is not deleted while it receives traffic, but is deleted with its endpoint', async () => {
    await putEndpoint(endpointName);
    await putDeployment();
    await putEndpoint(endpointName, { traffic: { blue: 100 } });
    const { onlineDeployments, onlineEndpoints } = client();
    await expect(onlineDeployments.beginDelete(group, workspaceName, endpointName, 'blue')).rejects.toThrow(/traffic/);
    await finish(onlineEndpoints.beginDelete(group, workspaceName, endpointName));
    await expect(onlineDeployments.get(group, workspaceName, endpointName, 'blue')).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('with disabled egress has connections on workspace, storage and registry until it is deleted', async () => {
    const connections = async (path: string): Promise<string> =>
      JSON.stringify(((await azure.send('get', path)).body['properties'] as JsonObject)['privateEndpointConnections']);
    const targets = [
      workspace,
      `${azure.groupId(group)}/providers/Microsoft.Storage/storageAccounts/stendpt1`,
      `${azure.groupId(group)}/providers/Microsoft.ContainerRegistry/registries/crendpt1`,
    ];
    await putEndpoint(endpointName);
    await putDeployment();
    for (const target of targets) expect(await connections(target)).toContain(`${endpointName}.blue.egress`);
    await finish(client().onlineEndpoints.beginDelete(group, workspaceName, endpointName));
    while ((await connections(workspace)).includes(`${endpointName}.blue.egress`)) await wait(5);
    for (const target of targets) expect(await connections(target)).not.toContain(`${endpointName}.blue.egress`);
  });
});
