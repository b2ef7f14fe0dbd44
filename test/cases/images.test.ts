import { beforeEach, expect, test } from 'vitest';
import { blobsBelow } from '../../src/emulator/dataPlane/storedObjects.ts';
import { imageContents, packagesOf } from '../../src/emulator/dataPlane/containerImage.ts';
import { setBaseImage } from '../../src/emulator/jumpbox/baseImages.ts';
import { addRepository } from '../../src/emulator/jumpbox/gitRepositories.ts';
import type { Repository } from '../../src/emulator/jumpbox/gitRepositories.ts';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import type { ModelSource } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { clientId, container, isolatedCloud, registry, storageAccount } from '../emulator/isolatedCloud.ts';
import type { IsolatedCloud } from '../emulator/isolatedCloud.ts';

const url = 'https://github.com/team/model';
const commit = 'a'.repeat(40);
const linear = JSON.stringify({ intercept: 1, coefficients: [2] });
const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132735\n';
const served =
  'FROM mcr.microsoft.com/azureml/minimal-py312-inference:latest\nRUN pip install joblib scikit-learn==1.7.0\n';

let isolated: IsolatedCloud;
beforeEach(async () => {
  isolated = isolatedCloud();
  isolated.openInternet(true);
  isolated.assign('push');
  isolated.assign('blobs');
  await runScript(isolated.cloud, isolated.vm, jumpboxCommand('setUp', {}));
});

async function build(files: Record<string, string>, more: Partial<Repository & ModelSource> = {}) {
  const { format = 'custom', ref = commit, path = 'm', ...repository } = more;
  const placed = Object.fromEntries(Object.entries(files).map(([name, text]) => [`m/${name}`, text]));
  addRepository(isolated.cloud, {
    url,
    commits: { [commit]: path === '.' ? files : placed },
    refs: { 'refs/heads/main': commit },
    ...repository,
  });
  return buildSource({ format, repository: url, ref, path });
}

async function buildSource(model: ModelSource) {
  const input = { clientId, registry, storageAccount, container, model, allowPrivateRepositories: false };
  const ran = await runScript(isolated.cloud, isolated.vm, jumpboxCommand('buildImage', input));
  return readOutcome('buildImage', { ...ran, executionState: ran.state });
}

const custom = (more: Record<string, string> = {}) => ({
  'environment/Dockerfile': served,
  'onlinescoring/score.py': 'import joblib\n',
  'model/model.pkl': linear,
  ...more,
});

const mlflow = (flavors: string, requirements: string) => ({
  'model/MLmodel': `flavors:\n${flavors}mlflow_version: 1.30.0\n`,
  'model/model.pkl': linear,
  'model/requirements.txt': requirements,
});
const pyfunc = "  python_function:\n    loader_module: mlflow.sklearn\n    python_version: '3.8'\n";
const sklearn = '  sklearn:\n    sklearn_version: 0.24.1\n';

const failing = (type: string, message: RegExp, remedy = /./) =>
  expect.objectContaining({
    type,
    retryable: false,
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  });

test('I02 a Git LFS pointer is refused with its path and size', async () => {
  await expect(build(custom({ 'model/model.pkl': pointer }))).rejects.toEqual(
    failing('InvalidRequest', /m\/model\/model.pkl is in Git LFS.*132735 bytes/, /model\.ref/),
  );
  expect(isolated.cloud.objects.keys('blob:')).toEqual([]);
});

test('I03 an MLflow model at the top of its repository is built from its own requirements and Python', async () => {
  const built = await build(mlflow(pyfunc + sklearn, 'mlflow==1.30.0\nscikit-learn==0.24.1\nnumpy<2'), {
    format: 'mlflow',
    path: '.',
  });
  const contents = imageContents(isolated.cloud, built.image!)!;
  expect(contents.python).toBe('3.8');
  expect(packagesOf(contents)).toMatchObject({ mlflow: '1.30.0', 'scikit-learn': '0.24.1' });
});

test('I03 an unpinned mlflow is pinned to the version that logged the model', async () => {
  const built = await build(mlflow(pyfunc, 'mlflow\ncloudpickle==2.2.0'), { format: 'mlflow' });
  expect(packagesOf(imageContents(isolated.cloud, built.image!)!)).toMatchObject({ mlflow: '1.30.0' });
});

test('I03 requirements of another scikit-learn than the model’s are refused with both versions', async () => {
  await expect(build(mlflow(pyfunc + sklearn, 'scikit-learn==1.0.2'), { format: 'mlflow' })).rejects.toEqual(
    failing('InvalidRequest', /this image serves scikit-learn 1\.0\.2, the model needs 0\.24\.1/),
  );
});

test('I03 a model without the flavour python_function, and one of an unknown Python, are refused', async () => {
  await expect(build(mlflow('  onnx:\n    data: m.onnx\n', 'onnx'), { format: 'mlflow' })).rejects.toEqual(
    failing('InvalidRequest', /no flavour python_function.*onnx/),
  );
  const old = pyfunc.replace('3.8', '2.7.18');
  await expect(build(mlflow(old, 'mlflow'), { format: 'mlflow' })).rejects.toEqual(
    failing('InvalidRequest', /Python 3\.7 to 3\.13, the model needs 2\.7\.18/),
  );
});

test('I05 the whole code directory arrives, empty files too, and a missing module is in the failure', async () => {
  const script = 'from lib.utils import clean\nimport joblib\n';
  const code = { 'onlinescoring/score.py': script, 'onlinescoring/lib/__init__.py': '' };
  const built = await build(custom({ ...code, 'onlinescoring/lib/utils.py': 'import json\n' }));
  expect(blobsBelow(isolated.cloud, storageAccount, container, built.codePath!)).toContain(
    `${built.codePath}/lib/__init__.py`,
  );
  await expect(build(custom(code))).rejects.toEqual(
    failing('ImageBuildFailed', /ModuleNotFoundError: No module named 'lib\.utils'/),
  );
});

test('I07 an image without the inference server fails while it is built', async () => {
  await expect(
    build(custom({ 'environment/Dockerfile': 'FROM python:3.11-slim\nCMD ["azmlinfsrv"]\n' })),
  ).rejects.toEqual(failing('ImageBuildFailed', /"azmlinfsrv": executable file not found/, /model\.ref/));
});

test('I08 the image is started once: server 1.3 beside another azureml package is found before the deployment', async () => {
  const Dockerfile = `${served}RUN pip install azureml-inference-server-http==1.3.4 azureml-ai-monitoring\n`;
  await expect(build(custom({ 'environment/Dockerfile': Dockerfile }))).rejects.toEqual(
    failing('ImageBuildFailed', /No module named 'azureml\.contrib'/),
  );
  expect(isolated.cloud.objects.keys('image:')).toEqual([]);
});

test('The article’s own Dockerfile crashes, and the sample’s pinned image serves scikit-learn 1.7.0', async () => {
  await expect(buildSource({ ...samples.custom, lock: undefined })).rejects.toEqual(
    failing('ImageBuildFailed', /ModuleNotFoundError: No module named 'joblib'/),
  );
  const built = await buildSource(samples.custom);
  expect(packagesOf(imageContents(isolated.cloud, built.image!)!)).toMatchObject({
    'scikit-learn': '1.7.0',
    'azureml-inference-server-http': '1.5.1',
  });
});

test('I10 a missing base image is named, and a moved tag is reported with the image’s own digest', async () => {
  const Dockerfile = served.replace('minimal-py312-inference:latest', 'gone:1');
  await expect(build(custom({ 'environment/Dockerfile': Dockerfile }))).rejects.toEqual(
    failing('ImageBuildFailed', /base image mcr\.microsoft\.com\/azureml\/gone:1 .*does not exist/, /FROM/),
  );
  const first = await build(custom());
  const name = 'mcr.microsoft.com/azureml/minimal-py312-inference:latest';
  expect(first).toMatchObject({ commit, baseImages: [{ name, movedTo: null }] });
  setBaseImage(isolated.cloud, name, { digest: 'sha256:new' });
  const second = await build(custom());
  expect(second.image).toBe(first.image);
  expect(second.baseImages).toEqual([{ ...first.baseImages[0], movedTo: 'sha256:new' }]);
});

test('I11 a server without single commits is read by its branches; a commit on none is refused', async () => {
  const ref = 'b'.repeat(40);
  const commits = {
    [commit]: {},
    [ref]: { 'm/model/x': linear, 'm/environment/Dockerfile': served, 'm/onlinescoring/score.py': '' },
  };
  await expect(build({}, { commits, ref, noArbitraryCommit: true })).resolves.toMatchObject({ commit: ref });
  await expect(build({}, { commits, ref: 'c'.repeat(40), noArbitraryCommit: true })).rejects.toEqual(
    failing('InvalidRequest', /on no branch and no tag/, /model\.ref/),
  );
});

test('I11 a wrong commit and a private repository are refused at once', async () => {
  await expect(build(custom(), { ref: '0'.repeat(40) })).rejects.toEqual(
    failing('InvalidRequest', /has no commit 0{40}.*not our ref/s, /model\.ref/),
  );
  await expect(build(custom(), { private: true })).rejects.toEqual(
    failing('InvalidRequest', /private or absent/, /model\.repository/),
  );
});

test('I12 a full disk is named with the field to change, and the next build prunes first', async () => {
  const name = 'mcr.microsoft.com/azureml/minimal-py312-inference:latest';
  setBaseImage(isolated.cloud, name, { sizeGb: 200 });
  await expect(build(custom())).rejects.toEqual(
    failing('ImageBuildFailed', /disk full: \d+ of \d+ GB/, /"jumpbox\.diskGb"/),
  );
  setBaseImage(isolated.cloud, name, { sizeGb: 2 });
  await expect(build(custom())).resolves.toHaveProperty('image');
});

test('I13 a single manifest is pushed, no index', async () => {
  const { image } = await build(custom());
  const { manifest } = isolated.cloud.objects.get(`image:${image}`) as { manifest: string };
  expect(JSON.parse(manifest)).toMatchObject({ mediaType: 'application/vnd.oci.image.manifest.v1+json' });
});
