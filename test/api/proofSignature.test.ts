import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { proofKeyOf } from '../../src/api/proof/proofKey.ts';
import { passed, startProved } from './proofHarness.ts';

const run = promisify(execFile);
const guide = fileURLToPath(new URL('../../docs/proof.md', import.meta.url));

/** The commands below a heading of docs/proof.md, executed in a directory. Rejects where the last one fails. */
async function runCommands(heading: string, cwd: string): Promise<string> {
  const section = (await readFile(guide, 'utf8')).split(`## ${heading}\n`)[1]!;
  const commands = /```bash\n([\s\S]*?)```/.exec(section)![1]!;
  return (await run('sh', ['-c', commands], { cwd })).stdout;
}

async function download() {
  const { app } = await startProved(passed, { ...passed, check: 'vault from outside' });
  const cwd = await mkdtemp(join(tmpdir(), 'moat-proof-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const save = async (path: string, file: string): Promise<void> =>
    writeFile(join(cwd, file), (await app.inject(path)).rawPayload);
  await save('/environments/churn1/proof', 'proof.json');
  await save('/environments/churn1/proof?format=html', 'proof.html');
  await save('/.well-known/moat-proof-key', 'moat-proof-key.pem');
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const text = await readFile(join(cwd, file), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(cwd, file), text.replace(from, to));
  };
  return { cwd, edit };
}

test('a proof in JSON passes the documented check; with one byte changed it fails', async () => {
  const { cwd, edit } = await download();
  expect(await runCommands('Checking the JSON', cwd)).toContain('Signature Verified Successfully');
  const document = JSON.parse(await readFile(join(cwd, 'document.json'), 'utf8'));
  expect(document).toEqual(JSON.parse(await readFile(join(cwd, 'proof.json'), 'utf8')).document);
  await edit('proof.json', 'refused with 403', 'refused with 404');
  await expect(runCommands('Checking the JSON', cwd)).rejects.toThrow();
});

test('a page passes the documented check; with one byte of the signed text changed it fails', async () => {
  const { cwd, edit } = await download();
  expect(await runCommands('Checking the page', cwd)).toContain('Signature Verified Successfully');
  const document = JSON.parse(await readFile(join(cwd, 'document.json'), 'utf8'));
  expect(document).toMatchObject({ environment: { name: 'churn1' }, proof: { complete: true } });
  // base64 of {"f and of {"g
  await edit('proof.html', '<pre id="document">eyJm', '<pre id="document">eyJn');
  await expect(runCommands('Checking the page', cwd)).rejects.toThrow();
});

test('the key ID is the hash of the public key; another key is not accepted', async () => {
  const { cwd } = await download();
  const { keyId } = JSON.parse(await readFile(join(cwd, 'proof.json'), 'utf8')) as { keyId: string };
  expect(await runCommands('The key', cwd)).toContain(keyId);
  const other = proofKeyOf('another seal key, which has 32 characters as well');
  expect(other.keyId).not.toBe(keyId);
  await writeFile(join(cwd, 'moat-proof-key.pem'), other.publicKey);
  await expect(runCommands('Checking the JSON', cwd)).rejects.toThrow();
});

test('the same seal key gives the same key in every process and version', () => {
  expect(proofKeyOf('0123456789abcdef0123456789abcdef').keyId).toMatchInlineSnapshot(
    `"f09fa71d17a62ed730d79ddb91888686b161bac78b0d54ea473e5a8fbf2f8ac0"`,
  );
});
