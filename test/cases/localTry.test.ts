import { beforeEach, expect, test } from 'vitest';
import { imageExists } from '../../src/emulator/dataPlane/storedObjects.ts';
import { addRepository } from '../../src/emulator/jumpbox/gitRepositories.ts';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { sampleOf } from '../../src/domain/samples.ts';
import type { Sample } from '../../src/domain/samples.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import type { ModelSource } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import type { JumpboxFailure } from '../../src/jumpbox/jumpboxFailure.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { clientId, container, isolatedCloud, registry, storageAccount } from '../emulator/isolatedCloud.ts';
import type { IsolatedCloud } from '../emulator/isolatedCloud.ts';

const ownModel: ModelSource = {
  format: 'custom',
  repository: 'https://github.com/team/model',
  ref: 'a'.repeat(40),
  path: 'm',
};
const files = {
  'm/environment/Dockerfile':
    'FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest\nRUN pip install joblib scikit-learn==1.7.0\n',
  'm/onlinescoring/score.py': 'import joblib\n',
  'm/model/model.pkl': JSON.stringify({ intercept: 1, coefficients: [2] }),
  'sample/request.json': '{"data": [[3]]}',
  'sample/expected.json': '[7]',
};
const sample: Sample = { request: { data: [[3]] }, expected: [7] };

let isolated: IsolatedCloud;
beforeEach(async () => {
  isolated = isolatedCloud();
  isolated.openInternet(true);
  isolated.assign('push');
  isolated.assign('blobs');
  await runScript(isolated.cloud, isolated.vm, jumpboxCommand('setUp', {}));
});

const run = (model: ModelSource, trySample?: Sample) =>
  runScript(
    isolated.cloud,
    isolated.vm,
    jumpboxCommand('buildImage', {
      clientId,
      registry,
      storageAccount,
      container,
      model,
      ...(trySample && { trySample }),
      sampleFiles: {
        ...(trySample?.requestFile !== undefined && { request: trySample.requestFile }),
        ...(trySample?.expectedFile !== undefined && { expected: trySample.expectedFile }),
      },
      allowPrivateRepositories: false,
    }),
  );

async function tried(model: ModelSource, trySample?: Sample) {
  const ran = await run(model, trySample);
  return readOutcome('buildImage', { ...ran, executionState: ran.state });
}

const addModel = (more: Partial<typeof files> = {}) =>
  addRepository(isolated.cloud, {
    url: ownModel.repository,
    commits: { [ownModel.ref]: { ...files, ...more } },
    refs: { 'refs/heads/main': ownModel.ref },
  });

const failureOf = (model: ModelSource, trySample: Sample): Promise<JumpboxFailure> =>
  tried(model, trySample).then(
    () => expect.unreachable('the local try passed'),
    (error: unknown) => error as JumpboxFailure,
  );

/** Whether the registry has an image. */
const pushed = (): boolean => isolated.cloud.objects.keys(`image:${registry}`).length > 0;

/** As published, to ten digits. */
const answers = { custom: /^\[11055\.97724.*,4503\.07953.*\]$/, mlflow: /^\[6141\.26727.*,6407\.13331.*\]$/ };

test.each(['custom', 'mlflow'] as const)('the %s sample is scored on the jumpbox before it is pushed', async (name) => {
  const { localTry, image } = await tried(samples[name], sampleOf(name));
  expect(localTry).toEqual({
    status: 200,
    latencyMs: expect.any(Number),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    excerpt: expect.stringMatching(answers[name]),
    bytes: localTry!.excerpt.length,
    log: expect.stringContaining('Run function was found'),
  });
  expect(localTry!.latencyMs).toBeGreaterThan(0);
  expect(imageExists(isolated.cloud, image!)).toBe(true);
});

test('a sample in files of the repository is scored too', async () => {
  addModel();
  const inFiles: Sample = { requestFile: 'sample/request.json', expectedFile: 'sample/expected.json' };
  const built = await tried(ownModel, inFiles);
  expect(built).toMatchObject({ localTry: { status: 200, excerpt: '[7]' }, requestBlob: expect.any(String) });
});

test('a wrong answer ends the build: the image is not pushed, and the failure has the container’s log', async () => {
  addModel();
  const failure = await failureOf(ownModel, { ...sample, expected: [8] });
  expect(failure).toMatchObject({
    type: 'WrongAnswer',
    retryable: false,
    message: expect.stringMatching(
      /^local try on the jumpbox.*HTTP 200; the answer differs at \$\[0\]: expected 8, got 7/,
    ),
    log: expect.stringContaining('Run function was found'),
    remedy: expect.stringContaining('"tolerance"'),
  });
  expect(pushed()).toBe(false);
});

test('an exception of the scoring script is in the log of the failure', async () => {
  addModel();
  const failure = await failureOf(ownModel, { ...sample, request: { data: [[3, 4]] } });
  expect(failure).toMatchObject({
    type: 'WrongAnswer',
    message: expect.stringContaining('HTTP 500; answer: X has 2 features, but the model is expecting 1'),
    log: expect.stringMatching(/Traceback .*\nX has 2 features/),
  });
  expect(pushed()).toBe(false);
});

test('a tolerance of the model is that of the local try', async () => {
  addModel();
  const wide = await tried(ownModel, { ...sample, expected: [8], tolerance: { absolute: 1 } });
  expect(wide.localTry?.status).toBe(200);
});

test('without a local try the container is only started', async () => {
  addModel();
  const { localTry, image } = await tried(ownModel);
  expect(localTry).toBeUndefined();
  expect(imageExists(isolated.cloud, image!)).toBe(true);
});

test('a try leaves no container behind, and a container that does not start fails as before', async () => {
  addModel({ 'm/onlinescoring/score.py': "raise RuntimeError('no GPU')\n" });
  expect(await failureOf(ownModel, sample)).toMatchObject({ type: 'ImageBuildFailed' });
  addModel();
  await failureOf(ownModel, { ...sample, expected: [8] });
  await expect(tried(ownModel, sample)).resolves.toMatchObject({ localTry: { excerpt: '[7]' } });
});
