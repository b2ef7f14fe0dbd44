import { beforeEach, describe, expect, test } from 'vitest';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import type { ScriptRun } from '../../src/emulator/jumpbox/scriptRunner.ts';
import type { Json } from '../../src/emulator/arm/model.ts';
import { blobsBelow, imageExists } from '../../src/emulator/dataPlane/storedObjects.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import type { CommandInputs, ModelSource } from '../../src/jumpbox/commands.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import {
  clientId,
  container,
  endpointName,
  isolatedCloud,
  registry,
  scoringUri,
  storageAccount,
} from './isolatedCloud.ts';
import type { IsolatedCloud } from './isolatedCloud.ts';
import { group } from './memoryCloud.ts';

let isolated: IsolatedCloud;
beforeEach(() => {
  isolated = isolatedCloud();
  isolated.openInternet(true);
  isolated.assign('push');
  isolated.assign('blobs');
  isolated.assign('keys');
});

const shell = (script: string, timeoutSeconds = 600): Promise<ScriptRun> =>
  runScript(isolated.cloud, isolated.vm, { script, parameters: [], timeoutSeconds });

async function run<Name extends CommandName>(name: Name, input: CommandInputs[Name]): Promise<CommandResults[Name]> {
  isolated.cloud.clock += 60_000;
  const ran = await runScript(isolated.cloud, isolated.vm, jumpboxCommand(name, input));
  return readOutcome(name, { ...ran, executionState: ran.state });
}

const build = (model: ModelSource) =>
  run('buildImage', { clientId, registry, storageAccount, container, model, allowPrivateRepositories: false });

const score = (request: Json) => run('score', { clientId, endpointId: isolated.endpoint.id, scoringUri, request });

const typed = (type: string) => expect.objectContaining({ type });

/** What the endpoint step does: registers what was uploaded, and sends all traffic to the deployment. */
function deploy({ codePath, modelPath }: CommandResults['buildImage']): void {
  const place = `https://${storageAccount}.blob.core.windows.net/${container}`;
  const workspaces = 'Microsoft.MachineLearningServices/workspaces';
  const code = isolated.cloud.add(`${workspaces}/codes/versions`, 'mlw-k3x9/c/1', { codeUri: `${place}/${codePath}` });
  const model = isolated.cloud.add(`${workspaces}/models/versions`, 'mlw-k3x9/m/1', {
    modelUri: `${place}/${modelPath}`,
  });
  isolated.cloud.add(`${workspaces}/onlineEndpoints/deployments`, `mlw-k3x9/${endpointName}/blue`, {
    model: model.id,
    codeConfiguration: { codeId: code.id, scoringScript: 'score.py' },
  });
  isolated.endpoint.properties['traffic'] = { blue: 100 };
}

const ownModel: ModelSource = {
  format: 'custom',
  repository: 'https://github.com/moat-examples/linear-regression',
  ref: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
  path: 'houses',
};

const columns = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'];

describe('the emulated jumpbox', () => {
  test("scores the article's sample with the expected numbers, and other rows with others", async () => {
    await run('setUp', {});
    const built = await build(samples.custom);
    expect(imageExists(isolated.cloud, built.image!)).toBe(true);
    expect(blobsBelow(isolated.cloud, storageAccount, container, built.modelPath)).toHaveLength(1);
    deploy(built);
    isolated.openInternet(false);
    const answer = await score({
      data: [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.latencyMs).toBeGreaterThan(0);
    const [first, second] = answer.body as number[];
    expect(first).toBeCloseTo(11055.977245525679, 6);
    expect(second).toBeCloseTo(4503.079536107787, 6);
    const other = await score({ data: [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] });
    expect((other.body as number[])[0]).toBeCloseTo(152.76430691633442, 6);
  });

  test('scores the MLflow sample by column name', async () => {
    await run('setUp', {});
    deploy(await build(samples.mlflow));
    const rows = [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [10, 2, 9, 8, 7, 6, 5, 4, 3, 2],
    ];
    const [first, second] = (await score({ input_data: { columns, data: rows, index: [0, 1] } })).body as number[];
    expect(first).toBeCloseTo(6141.267272547523, 6);
    expect(second).toBeCloseTo(6407.1333176127255, 6);
    const reversed = { columns: columns.toReversed(), data: rows.map((row) => row.toReversed()) };
    expect(((await score({ input_data: reversed })).body as number[])[0]).toBeCloseTo(6141.267272547523, 6);
  });

  test("serves a user's own model, and answers bad input with the model's error", async () => {
    await run('setUp', {});
    deploy(await build(ownModel));
    expect(await score({ data: [[2, 1, 4]] })).toMatchObject({ status: 200, body: [12] });
    expect(await score({ data: [[2, 1]] })).toMatchObject({ status: 424 });
    expect(await score({ rows: [] })).toMatchObject({ status: 424 });
  });

  test('S05 files of the repository are the sample, also where they are outside of the model’s directory', async () => {
    await run('setUp', {});
    const input = { clientId, registry, storageAccount, container, model: ownModel, allowPrivateRepositories: false };
    const sampleFiles = { request: 'samples/request.json', expected: 'samples/expected.json' };
    const built = await run('buildImage', { ...input, sampleFiles });
    deploy(built);
    isolated.openInternet(false);
    const address = { clientId, endpointId: isolated.endpoint.id, scoringUri, storageAccount, container };
    const sample = { requestFile: sampleFiles.request, expectedFile: sampleFiles.expected };
    const blobs = { request: built.requestBlob!, expected: built.expectedBlob! };
    expect(await run('scoreSample', { ...address, sample, blobs })).toMatchObject({
      comparison: { verdict: 'alike' },
      body: [12],
    });
    isolated.openInternet(true);
    const missing = run('buildImage', { ...input, sampleFiles: { request: 'samples/none.json' } });
    await expect(missing).rejects.toMatchObject({
      type: 'InvalidRequest',
      message: expect.stringContaining('no file samples/none.json in the repository') as string,
    });
  });

  test('keeps its disk: set-up and build are not repeated', async () => {
    await run('setUp', {});
    await build(samples.custom);
    const before = isolated.cloud.objects.keys('image:');
    const repeated = await runScript(isolated.cloud, isolated.vm, jumpboxCommand('setUp', {}));
    expect(repeated.elapsedSeconds).toBeLessThan(5);
    await build(samples.custom);
    expect(isolated.cloud.objects.keys('image:')).toEqual(before);
    isolated.vm.createdAt += 1;
    expect((await shell('command -v docker')).exitCode).not.toBe(0);
  });

  test('set-up fails while no rule allows outbound Internet access', async () => {
    isolated.openInternet(false);
    await expect(run('setUp', {})).rejects.toEqual(typed('Transient'));
  });

  test('a build without the Internet rule fails and names what it could not fetch', async () => {
    await run('setUp', {});
    isolated.openInternet(false);
    await expect(build(samples.custom)).rejects.toEqual(typed('ImageBuildFailed'));
    await expect(build(samples.custom)).rejects.toThrow('Failed to connect to github.com');
  });

  test('a push waits for a role that becomes effective later', async () => {
    await run('setUp', {});
    isolated.assign('push', isolated.cloud.now() + 300_000);
    await expect(build(samples.custom)).resolves.toHaveProperty('image');
  });

  test('a push without its role is forbidden', async () => {
    await run('setUp', {});
    isolated.assign('push', Number.POSITIVE_INFINITY);
    await expect(build(samples.custom)).rejects.toEqual(typed('Forbidden'));
    expect(isolated.cloud.objects.keys('image:')).toEqual([]);
  });

  test('an upload without its role is forbidden', async () => {
    await run('setUp', {});
    isolated.assign('blobs', Number.POSITIVE_INFINITY);
    await expect(build(samples.custom)).rejects.toThrow('You do not have the required permissions');
  });

  test('a score without the role to list keys is forbidden', async () => {
    await run('setUp', {});
    isolated.assign('keys', Number.POSITIVE_INFINITY);
    await expect(score({ data: [[1]] })).rejects.toThrow(/AuthorizationFailed/);
  });

  test('without a zone link, a push goes to the closed public address', async () => {
    await run('setUp', {});
    isolated.unlink('privatelink.azurecr.io');
    await expect(build(samples.custom)).rejects.toThrow('is not allowed access');
    isolated.cloud.remove(`${group}/providers/Microsoft.Network/natGateways/nat`);
    await expect(score({ data: [[1]] })).rejects.toEqual(typed('Transient'));
  });

  test('an unknown repository, an unknown commit, a missing Dockerfile and an unknown base image fail by name', async () => {
    await run('setUp', {});
    await expect(build({ ...ownModel, repository: 'https://github.com/no/such' })).rejects.toThrow('private or absent');
    await expect(build({ ...ownModel, ref: '0'.repeat(40) })).rejects.toThrow('not our ref');
    await expect(build({ ...ownModel, ref: 'main' })).rejects.toEqual(typed('InvalidRequest'));
    await expect(build({ ...ownModel, path: 'no-dockerfile' })).rejects.toThrow('no Dockerfile at no-dockerfile');
    await expect(build({ ...ownModel, path: 'unknown-base' })).rejects.toThrow('no-such-image:1: not found');
  });

  test('verify resolves both names to private addresses, before and after the deployment exists', async () => {
    await run('setUp', {});
    const targets = [
      { name: 'scoring', method: 'POST', url: scoringUri },
      { name: 'registry', method: 'GET', url: `https://${registry}/v2/` },
    ];
    const { rows } = await run('verify', { targets });
    expect(rows.map(({ name, addresses, status }) => [name, addresses, status])).toEqual([
      ['scoring', ['192.168.0.9'], 401],
      ['registry', ['192.168.0.6'], 401],
    ]);
    isolated.unlink('privatelink.api.azureml.ms');
    const seen = await run('verify', { targets });
    expect(seen.rows[0]).toMatchObject({ status: 403, refusal: 'private link configuration' });
  });

  test('a deployment without traffic answers 404', async () => {
    await run('setUp', {});
    expect(await score({ data: [[1]] })).toMatchObject({ status: 404 });
  });

  test('stops a script at its time limit, in virtual time', async () => {
    expect(await shell('echo begun; sleep 3600; echo over', 60)).toMatchObject({
      state: 'TimedOut',
      elapsedSeconds: 60,
    });
    expect(await shell('sleep 3600; echo over', 7200)).toMatchObject({ output: 'over\n', elapsedSeconds: 3600 });
  });

  test('runs background commands side by side until `wait`, each in a subshell whose failure ends nothing', async () => {
    const beside = await shell('set -e\nx=1\nf() { x=2; sleep "$1"; false; }\nf 100 &\nf 30 & wait; sleep 5; echo $x');
    expect(beside).toMatchObject({ state: 'Succeeded', output: '1\n', elapsedSeconds: 105 });
    expect((await shell('sleep 100 & sleep 7')).elapsedSeconds).toBe(7);
  });

  test('verify takes no longer than its slowest probe: 15 seconds for any number of silent hosts', async () => {
    await run('setUp', {});
    isolated.openInternet(false);
    const hosts = ['www.example.com', 'github.com', 'pypi.org', 'packages.microsoft.com'];
    const targets = hosts.map((name) => ({ name, method: 'GET', url: `https://${name}/` }));
    const ran = await runScript(isolated.cloud, isolated.vm, jumpboxCommand('verify', { targets }));
    const { rows } = readOutcome('verify', { ...ran, executionState: ran.state });
    expect(rows.map(({ name, error }) => [name, error?.slice(0, 10)])).toEqual(
      hosts.map((name) => [name, 'curl: (28)']),
    );
    expect(ran.elapsedSeconds).toBeLessThan(15.5);
  });

  test('has no docker, az, git or jq before they are installed, and refuses unknown options', async () => {
    for (const tool of ['docker', 'az', 'git', 'jq']) expect((await shell(`${tool} --version`)).exitCode).toBe(127);
    await run('setUp', {});
    for (const call of ['docker build --squash .', 'az login --magic', 'curl --insecure https://x', 'git push']) {
      expect((await shell(call)).exitCode).not.toBe(0);
    }
  });
});
