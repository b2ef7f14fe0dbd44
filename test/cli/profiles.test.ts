import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { problem, startFakeMoat } from './support/fakeMoat.ts';
import { onTerminal } from './support/onTerminal.ts';
import { runMoat, temporaryDirectory } from './support/runMoat.ts';

const list = { 'GET /environments': [{ body: { items: [], nextCursor: null } }] };
const accepted = { ...list, 'GET /me': [{ body: { name: 'ana', role: 'owner', via: 'apiKey' } }] };

let config: string;
let file: string;
beforeEach(() => {
  config = temporaryDirectory();
  file = join(config, 'moat/config.yaml');
});

const login = (stdin: string, args: string[] = [], env: Record<string, string> = {}) =>
  runMoat(['login', ...args], { stdin, env: { XDG_CONFIG_HOME: config, ...env } });
const ls = (args: string[] = [], env: Record<string, string> = {}) =>
  runMoat(['ls', ...args], { env: { XDG_CONFIG_HOME: config, ...env } });

describe('moat login', () => {
  it('keeps address and key in a file that only its owner can read, and the next command uses them', async () => {
    const { url, requests } = await startFakeMoat(accepted);
    const { code, stdout } = await login(`${url}/\nsecret-key\n`);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Signed in to ${url} as ana (owner). Profile default is in ${file}.\n`,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(config, 'moat')).mode & 0o777).toBe(0o700);
    expect((await ls()).code).toBe(0);
    expect(requests.map(({ path, headers }) => [path.split('?')[0], headers['authorization']])).toEqual([
      ['/me', 'Bearer secret-key'],
      ['/environments', 'Bearer secret-key'],
    ]);
  });

  it('stores nothing when Moat refuses the key', async () => {
    const { url } = await startFakeMoat({ 'GET /me': [problem(401, 'Unauthorized', 'Unknown key.')] });
    const { code, stderr } = await login(`${url}\nwrong\n`);
    expect(code).toBe(3);
    expect(stderr).toContain('Unknown key.');
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('asks on a terminal, and does not show the key', async () => {
    const { url, requests } = await startFakeMoat(accepted);
    const terminal = onTerminal(['login'], { XDG_CONFIG_HOME: config });
    await terminal.shows('Address of Moat [http://127.0.0.1:3000]: ');
    terminal.type(`${url}\r`);
    await terminal.shows('API key (empty for none): ');
    terminal.type('secret-key\r');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.screen()).toContain(`Signed in to ${url}`);
    expect(terminal.screen()).not.toContain('secret');
    expect(requests[0]?.headers['authorization']).toBe('Bearer secret-key');
  });

  it('stores no key where none is needed', async () => {
    const { url } = await startFakeMoat(accepted);
    expect((await login(`${url}\n\n`)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`profiles:\n  default:\n    url: ${url}\n`);
  });

  it('takes the address of MOAT_URL, and then stdin has the key only', async () => {
    const { url, requests } = await startFakeMoat(accepted);
    expect((await login('secret-key\n', [], { MOAT_URL: url })).code).toBe(0);
    expect(requests[0]?.headers['authorization']).toBe('Bearer secret-key');
  });

  it('does not send a key over http to another machine', async () => {
    const { code, stderr } = await login('http://moat.example.com\nsecret-key\n');
    expect(code).toBe(2);
    expect(stderr).toContain('without encryption');
  });
});

describe('several profiles', () => {
  it('are chosen by --profile or MOAT_PROFILE', async () => {
    const [first, second] = [await startFakeMoat(accepted), await startFakeMoat(accepted)];
    await login(`${first.url}\n\n`);
    await login(`${second.url}\n\n`, ['--profile', 'prod']);
    await ls();
    await ls(['--profile', 'prod']);
    await ls([], { MOAT_PROFILE: 'prod' });
    expect([first.requests.length, second.requests.length]).toEqual([2, 3]);
  });

  it('that do not exist are an error of usage', async () => {
    const { code, stderr } = await ls(['--profile', 'prod']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no profile prod.\nRemedy: moat login --profile prod');
  });
});

describe('the profile file', () => {
  beforeEach(() => mkdirSync(join(config, 'moat')));

  it('is not used when other users can read it', async () => {
    writeFileSync(file, 'profiles: {}');
    chmodSync(file, 0o644);
    const { code, stderr } = await ls();
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} can be read by other users.\nRemedy: chmod 600 ${file}`);
  });

  it('that is not valid is named', async () => {
    writeFileSync(file, 'profiles: [', { mode: 0o600 });
    const { code, stderr } = await ls();
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} is not YAML`);
  });

  it('never gives its key to the address of MOAT_URL', async () => {
    const other = await startFakeMoat(list);
    writeFileSync(file, 'profiles: {default: {url: https://moat.example.com, apiKey: secret-key}}', { mode: 0o600 });
    expect((await ls([], { MOAT_URL: other.url })).code).toBe(0);
    expect(other.requests[0]?.headers['authorization']).toBeUndefined();
    await ls([], { MOAT_URL: other.url, MOAT_API_KEY: 'own-key' });
    expect(other.requests[1]?.headers['authorization']).toBe('Bearer own-key');
  });
});
