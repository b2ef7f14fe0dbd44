import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { ScriptMachine } from './scriptMachine.ts';
import { azAndCurl, dockerAndGit } from './stubs.ts';

const directory = join(import.meta.dirname, '../../src/jumpbox');
const scripts = readdirSync(directory).filter((file) => file.endsWith('.sh'));
/** shellcheck is not a dependency; without it its test is skipped */
const linter = 'shellcheck';
const lintable = spawnSync(linter, ['--version']).status === 0;

const mlmodel = `artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: '3.8'
  sklearn:
    sklearn_version: 0.24.1
mlflow_version: 1.30.0
`;

let machine: ScriptMachine;
afterEach(() => machine?.remove());

const score = jumpboxCommand('score', {
  clientId: 'client',
  endpointId: '/subscriptions/s/endpoint',
  scoringUri: 'https://e/score',
  request: { data: [[1]] },
});

function build(
  path: string,
  format: 'custom' | 'mlflow' = 'custom',
  allowPrivateRepositories = false,
): ReturnType<typeof jumpboxCommand> {
  const model = { ...samples.custom, lock: undefined, format, path };
  return jumpboxCommand('buildImage', {
    clientId: 'client',
    registry: 'cr.azurecr.io',
    storageAccount: 'st',
    container: 'c',
    model,
    allowPrivateRepositories,
  });
}

/** An endpoint that is unavailable for the first `times` requests. */
const passing = (times: number) => ({
  ...azAndCurl,
  curl: `echo '[1.5]' >"$home/answer"
  echo try >>"$home/tries"
  (($(wc -l <"$home/tries") > ${times})) && status=200 || status=503
  ${azAndCurl.curl.replace("'200 0.1234\\n'", '"$status 0.1234\\n"')}`,
});

const view = (ran: { exitCode: number; output: string; error: string }) => ({
  ...ran,
  executionState: ran.exitCode === 0 ? 'Succeeded' : 'Failed',
});

describe('the jumpbox scripts in a real bash', () => {
  test.skipIf(!lintable)('pass shellcheck', () => {
    expect(execFileSync(linter, scripts, { cwd: directory, encoding: 'utf8' })).toBe('');
  });

  test('score waits for its role, and keeps the key out of command lines and output', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, curl: `echo '[1.5, 2]' >"$home/answer"\n${azAndCurl.curl}` });
    const ran = await machine.run(score);
    expect(readOutcome('score', view(ran))).toEqual({ status: 200, latencyMs: 123, body: [1.5, 2] });
    const calls = await machine.calls();
    expect(calls.filter((call) => call.includes('listKeys'))).toHaveLength(2);
    expect(JSON.stringify([calls, ran])).not.toContain('the-secret-key');
  });

  test('score retries a transient status and reports a permanent one', async () => {
    machine = await ScriptMachine.make(passing(2));
    expect(readOutcome('score', view(await machine.run(score)))).toMatchObject({ status: 200, body: [1.5] });
    await machine.remove();
    machine = await ScriptMachine.make(passing(100));
    expect(readOutcome('score', view(await machine.run(score)))).toMatchObject({ status: 503 });
  });

  test('an answer that does not fit into the output of a run command is AnswerTooLarge', async () => {
    machine = await ScriptMachine.make({
      ...azAndCurl,
      curl: `head -c 5000 /dev/urandom >"$home/answer"\n${azAndCurl.curl}`,
    });
    const ran = await machine.run(score);
    expect(ran.exitCode).toBe(1);
    expect(() => readOutcome('score', view(ran))).toThrow(expect.objectContaining({ type: 'AnswerTooLarge' }));
    expect(ran.output.length).toBeLessThan(3300);
  });

  test('verify reports addresses and status of both names', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, curl: `touch "$home/answer"\n${azAndCurl.curl}` });
    const command = jumpboxCommand('verify', {
      targets: [
        { name: 'scoring', method: 'POST', url: 'https://e/score' },
        { name: 'registry', method: 'GET', url: 'https://cr.azurecr.io/v2/?n=1' },
      ],
    });
    const { rows } = readOutcome('verify', view(await machine.run(command)));
    const seen = { addresses: ['192.168.0.9'], status: 401, refusal: null, error: null };
    expect(rows).toEqual([
      { name: 'scoring', ...seen },
      { name: 'registry', ...seen },
    ]);
  });

  test('verify without the row of one host is no proof', async () => {
    const jq = `case "$*" in *"name registry"*) exit 5;; esac\nPATH=\${PATH#*:} exec jq "$@"`;
    machine = await ScriptMachine.make({ ...azAndCurl, curl: `touch "$home/answer"\n${azAndCurl.curl}`, jq });
    const targets = ['scoring', 'registry'].map((name) => ({ name, method: 'GET', url: 'https://e/' }));
    const ran = view(await machine.run(jumpboxCommand('verify', { targets })));
    expect(() => readOutcome('verify', ran)).toThrow(expect.objectContaining({ type: 'Transient', retryable: true }));
  });

  test.each(['169.254.169.254', '168.63.129.16', '127.0.0.1', '0.0.0.0', '224.0.0.1'])(
    'a repository whose name resolves to %s is never fetched',
    async (address) => {
      machine = await ScriptMachine.make({
        ...azAndCurl,
        ...dockerAndGit,
        getent: `printf '140.82.121.3 STREAM x\\n${address} STREAM x\\n'`,
      });
      const ran = view(await machine.run(build('m', 'custom', true)));
      expect(() => readOutcome('buildImage', ran)).toThrow(
        expect.objectContaining({ type: 'InvalidRequest', message: expect.stringContaining(address) }),
      );
      expect((await machine.calls()).filter((call) => call.includes('fetch'))).toEqual([]);
    },
  );

  test.each(['10.0.0.4', '172.16.0.1', '172.31.9.9', '192.168.0.9', '100.64.0.1', '100.127.0.1'])(
    'a repository at the private address %s is fetched only where the settings allow it',
    async (address) => {
      const getent = `printf '${address} STREAM x\\n'`;
      machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit, getent });
      const refused = view(await machine.run(build('m')));
      expect(() => readOutcome('buildImage', refused)).toThrow(expect.objectContaining({ type: 'InvalidRequest' }));
      expect((await machine.calls()).filter((call) => call.includes('fetch'))).toEqual([]);
      expect(readOutcome('buildImage', view(await machine.run(build('m', 'custom', true))))).toMatchObject({
        image: expect.any(String),
      });
    },
  );

  test('git fetches only from the addresses that were checked, and follows no redirect', async () => {
    const git = `printf '%s\\n' "$GIT_CONFIG_COUNT $GIT_CONFIG_KEY_0=$GIT_CONFIG_VALUE_0 $GIT_CONFIG_KEY_1=$GIT_CONFIG_VALUE_1" >"$home/pinned"
      ${dockerAndGit.git}`;
    machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit, git });
    await machine.run(build('m'));
    expect(await readFile(join(machine.home, 'pinned'), 'utf8')).toBe(
      '2 http.curloptResolve=github.com:443:140.82.121.3 http.followRedirects=false\n',
    );
  });

  test('an image that was built and uploaded is not built and uploaded again', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit });
    const first = readOutcome('buildImage', view(await machine.run(build('m'))));
    const second = readOutcome('buildImage', view(await machine.run(build('m'))));
    expect(second).toEqual(first);
    expect(first.modelPath).toBe(first.codePath!.replace(/code$/, 'model/one.pkl'));
    const calls = await machine.calls();
    expect(calls.filter((call) => call.startsWith('docker build '))).toHaveLength(1);
    expect(calls.filter((call) => call.includes('upload-batch'))).toHaveLength(2);
  });

  test('pushes one image, without an index and attestations', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit });
    readOutcome('buildImage', view(await machine.run(build('m'))));
    expect((await machine.calls()).find((call) => call.startsWith('docker build '))).toContain('--provenance=false');
  });

  test('a model in MLflow format is built from Moat’s own Dockerfile', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit });
    await writeFile(join(machine.home, 'mlmodel'), mlmodel);
    await writeFile(join(machine.home, 'requirements'), 'mlflow\ncloudpickle==2.2.0\nscikit-learn==0.24.1\nnumpy<2');
    readOutcome('buildImage', view(await machine.run(build('m', 'mlflow'))));
    const context = join(machine.home, 'state/build/context');
    expect(await readFile(join(context, 'Dockerfile'), 'utf8')).toMatch(
      /^FROM docker.io\/library\/python:3.8.20-slim-bookworm\n/,
    );
    expect((await readFile(join(context, 'requirements.txt'), 'utf8')).trim().split('\n').filter(Boolean)).toEqual([
      'mlflow==1.30.0',
      'cloudpickle==2.2.0',
      'scikit-learn==0.24.1',
      'numpy<2',
      'azureml-inference-server-http>=0.8.4.2,!=1.3.*,<1.6',
    ]);
    const calls = await machine.calls();
    expect(calls.find((call) => call.startsWith('docker build '))).toMatch(/build\/context$/);
  });

  test('sources without a model fail by name', async () => {
    machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit });
    const ran = await machine.run(build('elsewhere'));
    expect(() => readOutcome('buildImage', view(ran))).toThrow('no model at elsewhere/model');
  });
});
