import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';
import { root, run, runMoat, temporaryDirectory } from '../support/runMoat.ts';

interface Action {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, unknown>;
  runs: { using: string; main: string; post: string };
}
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

let moat: Moat;
beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'action');
}, 240_000);
afterAll(() => moat?.close());

let directory: string;
beforeEach(() => {
  // As a runner has it: the repository, without packages.
  directory = temporaryDirectory();
  for (const path of ['action.yml', 'package.json', 'src/cli', 'src/client'])
    cpSync(join(root, path), join(directory, path), { recursive: true });
  for (const file of ['output', 'state']) writeFileSync(join(directory, file), '');
});

/** The values in a file that the action has appended to. */
function valuesIn(file: string): Record<string, string> {
  const text = readFileSync(join(directory, file), 'utf8');
  const entries = [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
  return Object.fromEntries(entries.map(([, name, , value]) => [name!, value!]));
}

/** Runs a step as a runner does. */
function runStep(step: 'main' | 'post', inputs: Record<string, string>) {
  const defaults = Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? '']);
  const all = Object.entries({ ...Object.fromEntries(defaults), ...inputs } as Record<string, string>);
  const state = Object.entries(valuesIn('state')).map(([name, value]) => [`STATE_${name}`, value]);
  const env = {
    GITHUB_OUTPUT: join(directory, 'output'),
    GITHUB_STATE: join(directory, 'state'),
    GITHUB_RUN_ID: '7123456789',
    GITHUB_RUN_ATTEMPT: '2',
    ...Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...Object.fromEntries(state),
  };
  return run(process.execPath, [join(directory, action.runs[step])], { env, cwd: directory });
}

const stateOf = async (name: string): Promise<string> => {
  const { stdout } = await runMoat(['show', name, '--json'], { env: { MOAT_URL: moat.url } });
  return (JSON.parse(stdout) as { state: string }).state;
};

describe('the GitHub Action', () => {
  it('brings an environment up, and its post step tears it down', async () => {
    const inputs = {
      url: moat.url,
      location: 'westus2',
      'api-key': 'secret-key',
      spec: '{"model":"mlflow"}',
      'wait-for-teardown': 'true',
    };
    const main = await runStep('main', inputs);
    expect({ code: main.code, stderr: main.stderr }).toEqual({ code: 0, stderr: '' });
    expect(main.stdout).toMatch(/^::add-mask::secret-key\n/);
    const outputs = valuesIn('output');
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(action.outputs).toSorted());
    expect(outputs['name']).toBe('ci-7123456789-2');
    expect(outputs['scoring-uri']).toMatch(/^https:\/\/ci-7123456789-2-.*\/score$/);
    expect(JSON.parse(outputs['environment']!)).toMatchObject({ state: 'ready', spec: { model: 'mlflow', ttl: '4h' } });

    const post = await runStep('post', inputs);
    expect(post.code).toBe(0);
    expect(await stateOf('ci-7123456789-2')).toBe('deleted');
  }, 240_000);

  it('neither uses nor deletes an environment that exists already', async () => {
    await runMoat(['up', 'shared', '--location', 'westus2', '--no-wait'], { env: { MOAT_URL: moat.url } });
    const inputs = { url: moat.url, location: 'westus2', name: 'shared' };
    const main = await runStep('main', inputs);
    expect(main.code).toBe(1);
    expect(main.stdout).toContain(
      '::error::Error: The environment shared exists already.%0ARemedy: choose another name',
    );
    const post = await runStep('post', inputs);
    expect({ code: post.code, stdout: post.stdout }).toEqual({ code: 0, stdout: 'No environment was requested.\n' });
    expect(['provisioning', 'ready']).toContain(await stateOf('shared'));
  });

  it('fails the step with the reason when the environment fails, and still tears it down', async () => {
    const inputs = {
      url: moat.url,
      location: 'westus2',
      name: 'failing',
      spec: '{"instanceType":"Standard_NC24ads_A100_v4","instanceCount":50}',
    };
    const main = await runStep('main', inputs);
    expect(main.code).toBe(1);
    expect(main.stdout).toMatch(/^::error::Error: failing is failed: .*%0ARemedy: /m);
    const post = await runStep('post', inputs);
    expect(post.stdout).toContain('The teardown of failing has started.');
    expect(['deleting', 'deleted']).toContain(await stateOf('failing'));
  });
});
