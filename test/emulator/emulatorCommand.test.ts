import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInstallation } from '../main/support/moatProcesses.ts';
import type { Installation, Started } from '../main/support/moatProcesses.ts';

const entry = 'src/main/emulator.ts';
let moat: Installation;
let emulator: Started;
/** Holds a script named az that records how it was called. */
let bin: string;

const azScript = `#!/bin/sh
echo "$@" >> "$AZ_LOG"
echo "ca $REQUESTS_CA_BUNDLE config $AZURE_CONFIG_DIR"
case "$*" in *missing*) exit 3 ;; "cloud register"*) [ ! -e "$AZ_LOG.registered" ] && touch "$AZ_LOG.registered" ;; esac
`;

const run = (args: readonly string[], environment: Record<string, string> = {}): Started =>
  moat.run(process.execPath, [entry, ...args], environment);
const withAz = (): Record<string, string> => ({ PATH: `${bin}:${process.env['PATH']}`, AZ_LOG: join(bin, 'az.log') });
const calls = async (): Promise<string[]> => (await readFile(join(bin, 'az.log'), 'utf8')).trim().split('\n');

beforeAll(async () => {
  moat = await createInstallation();
  bin = await mkdtemp(join(tmpdir(), 'moat-az-'));
  await writeFile(join(bin, 'az'), azScript);
  await chmod(join(bin, 'az'), 0o755);
});
afterAll(async () => {
  await moat.close();
  await rm(bin, { recursive: true });
});

test('az says how to start the emulator, before it has ever run and while it does not', async () => {
  const never = run(['az', 'group', 'list'], withAz());
  expect(await never.exitCode()).toBe(1);
  expect(never.output()).toContain('Start it in another terminal: npm run emulator');
  emulator = run([]);
  await emulator.prints('started');
  emulator.child.kill();
  await emulator.exitCode();
  const stopped = run(['az', 'group', 'list'], withAz());
  expect(await stopped.exitCode()).toBe(1);
  expect(stopped.output()).toMatch(/does not answer at https:.*Start it in another terminal: npm run emulator/);
});

test('a start with certificates loads no Temporal, no shell and no certificate library', async () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (process._rawDebug(url), next(url, context)) });`;
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  emulator = moat.run(process.execPath, ['--import', preload, entry]);
  await emulator.prints('started');
  const loaded = emulator.output();
  expect(loaded).toContain('src/emulator/server.ts');
  expect(loaded.split('\n').filter((url) => /temporalio|just-bash|selfsigned|fastify/.test(url))).toEqual([]);
});

test('az is set up once, then runs with its own configuration and the exit code is its own', async () => {
  const first = run(['az', 'group', 'list', '--output', 'table'], withAz());
  expect(await first.exitCode()).toBe(0);
  const { directory } = moat;
  expect(first.output()).toContain(`ca ${directory}/emulator-ca-bundle.pem config ${directory}/az`);
  expect((await calls()).map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
    'config set',
    'cloud register',
    'cloud set',
    'login --service-principal',
    'group list',
  ]);
  const second = run(['az', 'group', 'show', '--name', 'missing'], withAz());
  expect(await second.exitCode()).toBe(3);
  expect((await calls()).slice(5)).toEqual(['group show --name missing']);
});

test('a change of the subscription sets az up again, over the cloud that is registered', async () => {
  const other = run(['az', 'account', 'show'], {
    ...withAz(),
    AZURE_SUBSCRIPTION_ID: '99999999-2222-4333-8444-555555555555',
  });
  expect(await other.exitCode()).toBe(0);
  expect((await calls()).slice(6).map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
    'config set',
    'cloud register',
    'cloud update',
    'cloud set',
    'login --service-principal',
    'account show',
  ]);
});

test('without az the error says how to install it', async () => {
  await rm(join(moat.directory, 'az'), { recursive: true });
  const without = run(['az', 'group', 'list'], { PATH: '/nonexistent' });
  expect(await without.exitCode()).toBe(1);
  expect(without.output()).toContain('pipx install azure-cli');
});

test('--env prints what a shell can evaluate, and a client that trusts the file reaches the emulator', async () => {
  const client = `fetch(process.env.ARM_CLOUD_METADATA_URL).then((r) => r.json())
    .then(([cloud]) => console.log(cloud.resourceManager === process.env.MOAT_ARM_ENDPOINT, process.env.AZURE_TENANT_ID))`;
  const script = `eval "$(${process.execPath} ${entry} --env)" && exec ${process.execPath} --use-openssl-ca --eval '${client}'`;
  const shell = moat.run('sh', ['-c', script]);
  expect(await shell.exitCode()).toBe(0);
  expect(shell.output().trim()).toMatch(/^true [0-9a-f-]{36}$/);
});

test('--help lists the commands; an unknown argument is refused', async () => {
  const help = run(['--help']);
  expect(await help.exitCode()).toBe(0);
  expect(help.output()).toMatch(/az COMMAND[^]*--env[^]*--help/);
  const unknown = run(['--evn']);
  expect(await unknown.exitCode()).toBe(1);
  expect(unknown.output()).toContain('Unknown argument --evn');
});
