import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blobsBelow } from '../../src/emulator/dataPlane/storedObjects.ts';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { attempt, createResource, failureOf, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';
import { clientId, container, isolatedCloud, registry, storageAccount } from '../emulator/isolatedCloud.ts';

/** A workspace whose storage was closed at its creation may lack default datastore and container (MicrosoftDocs/azure-docs#111772). */
describe('Finding 5: the container of the default datastore', () => {
  const isolated = isolatedCloud();
  const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers';
  const names = () => isolated.cloud.ofType(containers).map(({ name }) => name.split('/').at(-1));
  async function build() {
    const input = {
      clientId,
      registry,
      storageAccount,
      container,
      model: samples.custom,
      allowPrivateRepositories: false,
    };
    const ran = await runScript(isolated.cloud, isolated.vm, jumpboxCommand('buildImage', input));
    return readOutcome('buildImage', { ...ran, executionState: ran.state });
  }

  test('is created by the jumpbox before the upload where it is absent, and reused afterwards', async () => {
    isolated.openInternet(true);
    isolated.assign('push');
    isolated.assign('blobs');
    await runScript(isolated.cloud, isolated.vm, jumpboxCommand('setUp', {}));
    for (const { id } of isolated.cloud.ofType(containers)) isolated.cloud.remove(id);
    const { codePath, modelPath } = await build();
    expect(names()).toEqual([container]);
    for (const path of [codePath!, modelPath])
      expect(blobsBelow(isolated.cloud, storageAccount, container, path)).not.toEqual([]);
    expect(await build()).toMatchObject({ codePath, modelPath });
    expect(names()).toEqual([container]);
  });
});

const uploaded = {
  image: 'cr.azurecr.io/moat/custom@sha256:0a',
  tag: 'cr.azurecr.io/moat/custom:1',
  codePath: 'moat/1/code',
  modelPath: 'moat/1/model',
};

describe('With a workspace', () => {
  let harness: EmulatorHarness;
  const register = (attemptNumber = 1, format: 'custom' | 'mlflow' = 'custom') =>
    attempt(harness.activities.registerVersions, { ref: harness.ref, uploaded, format }, { attempt: attemptNumber });
  const sent = (path: RegExp) => harness.sent('PUT', path);
  const versionPath = /\/environments\/[^/]+\/versions\//i;
  beforeAll(async () => {
    harness = await startEmulatorHarness();
    await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
    await harness.control('PUT', 'objects/datastoresMissing', { value: ['workspaceblobstore'] });
    for (const key of [
      'logAnalytics',
      'applicationInsights',
      'storageAccount',
      'vault',
      'registry',
      'workspace',
    ] as const)
      await createResource(harness, key);
  });
  beforeEach(async () => {
    await harness.control('DELETE', 'requests');
    await harness.control('DELETE', 'faults');
    await harness.control('DELETE', 'objects/imageDigestsRefused');
  });
  afterAll(() => harness.close());

  test('Finding 5: a default datastore that is absent is waited for, then Moat creates its own without credentials', async () => {
    const failure = await failureOf(register(24));
    expect(failure).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    expect(await sent(/datastores|containers/i)).toEqual([]);

    await register(25);
    const [store] = await sent(/\/datastores\/moatblobstore$/i);
    expect(store?.body).toMatchObject({
      properties: {
        datastoreType: 'AzureBlob',
        containerName: 'moat',
        credentials: { credentialsType: 'None' },
        serviceDataAccessAuthIdentity: 'WorkspaceSystemAssignedIdentity',
      },
    });
    expect(await sent(/\/blobServices\/default\/containers\/moat$/i)).toHaveLength(1);
    const [model] = await sent(/\/models\/[^/]+\/versions\//i);
    expect(model?.body).toMatchObject({
      properties: { modelUri: expect.stringContaining('/datastores/moatblobstore/paths/moat/1/model') as string },
    });
  });

  test('Finding 5: Moat’s own datastore is found again, without a further PUT', async () => {
    await register(1);
    expect(await sent(/\/datastores\//i)).toEqual([]);
  });

  test('Finding 16: the image is named by digest', async () => {
    await register(25);
    expect((await sent(versionPath)).map(({ body }) => body)).toMatchObject([
      { properties: { image: uploaded.image } },
    ]);
  });

  test('Finding 16: where Azure refuses a digest, the image is named by its tag, also at a second attempt', async () => {
    await harness.control('PUT', 'objects/imageDigestsRefused', { value: true });
    uploaded.image = 'cr.azurecr.io/moat/custom@sha256:0b';
    const versions = await register(25);
    expect(await register(26)).toEqual(versions);
    const puts = await sent(versionPath);
    expect(
      puts.map(({ status, body }) => [status, (body as { properties: { image: string } }).properties.image]),
    ).toEqual([
      [400, uploaded.image],
      [201, uploaded.tag],
      [400, uploaded.image],
      [200, uploaded.tag],
    ]);
  });

  test('Finding 16: another refusal is no reason to use the tag', async () => {
    const type = 'Microsoft.MachineLearningServices/workspaces/environments/versions';
    const effect = { status: 403, code: 'AuthorizationFailed', message: 'no' };
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect });
    expect(await failureOf(register(25))).toMatchObject({ type: 'Forbidden' });
    expect(await sent(versionPath)).toHaveLength(1);
  });
});
