import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { certificates } from '../../src/emulator/http/certificates.ts';
import { cliArchive } from '../../src/main/temporal/cliRelease.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const trusted = getCACertificates('default');

let root: string;
let release: Buffer;
let server: ReturnType<typeof createServer>;
let origin: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'moat-test-cli-'));
  const { cert, key, caPem } = await certificates(join(root, 'tls'), ['127.0.0.1']);
  setDefaultCACertificates([...trusted, caPem]);
  script(join(root, 'temporal'), 'echo temporal version 1.5.1');
  execFileSync('tar', ['-czf', join(root, 'release.tar.gz'), '-C', root, 'temporal']);
  release = readFileSync(join(root, 'release.tar.gz'));
  server = createServer({ cert, key }, (request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/release') response.end(release);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true });
});

function script(file: string, text: string): void {
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** A machine without the Temporal CLI: its directories are empty, and PATH has what is needed to unpack. */
let machine: string;
beforeEach(() => {
  machine = mkdtempSync(join(root, 'machine-'));
  const bin = join(machine, 'bin');
  mkdirSync(bin);
  for (const tool of ['tar', 'gzip', 'sh', 'cat']) script(join(bin, tool), `PATH=/usr/bin:/bin exec ${tool} "$@"`);
  vi.stubEnv('PATH', bin);
  vi.stubEnv('HOME', machine);
  vi.stubEnv('TMPDIR', machine);
});
afterEach(() => vi.unstubAllEnvs());

const directory = (): string => join(machine, 'downloaded');
async function find(path: string, digest = sha256(release)) {
  const [lines, drawn]: [string[], string[]] = [[], []];
  const source = { archive: { url: `${origin}${path}`, sha256: digest }, directory: directory() };
  const executable = await temporalExecutable(
    (line) => lines.push(line),
    (line) => drawn.push(line),
    source,
  ).catch((error: Error) => error.message);
  return { executable, output: lines.join('\n'), drawn };
}

/** A Go that prints what `go install -v` prints, and installs where Go does by default. */
function installGo(exitCode: number): void {
  const binary = join(machine, 'go/bin/temporal');
  mkdirSync(join(machine, 'go/bin'), { recursive: true });
  script(
    join(machine, 'bin/go'),
    `[ "$1" = install ] || exit 0
    for n in 1 2 3; do echo "go: downloading example.com/module$n v1.0.$n" >&2; done
    echo internal/goarch >&2
    if [ ${exitCode} != 0 ]; then echo "no space left on device" >&2; exit ${exitCode}; fi
    printf '#!/bin/sh\\n' >'${binary}'; /bin/chmod +x '${binary}'; /bin/sleep 1.2`,
  );
}

it('the release is downloaded over https, verified, unpacked once and then found', async () => {
  const first = await find('/release');
  expect(first.executable).toBe(join(directory(), 'temporal'));
  expect(first.output).toBe(`Temporal CLI not found; downloading version 1.5.1 from ${new URL(origin).host} (once).`);
  expect(first.drawn.at(-1)).toBe('Temporal CLI: 0 of 0 MB downloaded');
  expect(await find('/missing')).toMatchObject({ executable: first.executable, output: '' });
  expect(readdirSync(machine).toSorted()).toEqual(['bin', 'downloaded']);
});

it('an archive with another checksum is never used', async () => {
  const { executable, output } = await find('/release', sha256(Buffer.from('another')));
  expect(executable).toMatch(/^Temporal CLI not found\. Do one of the following/);
  expect(output).toContain(`has the checksum ${sha256(release)} instead of`);
  expect(readdirSync(machine)).toEqual(['bin']);
});

it.each([
  ['/missing', /was answered with 404/],
  ['/silent', /no data in 5 s/],
])('where the download fails (%s), the CLI is built, with the progress in one line', async (path, reason) => {
  installGo(0);
  const { executable, output, drawn } = await find(path);
  expect(executable).toBe(join(machine, 'go/bin/temporal'));
  expect(output).toMatch(reason);
  expect(output).toContain('Building it with go install github.com/temporalio/cli/cmd/temporal@v1.5.1');
  expect(output).not.toContain('example.com/module');
  expect(drawn.at(-1)).toMatch(/^Temporal CLI: 3 modules downloaded, 1 packages compiled, \d+ s$/);
});

it('a server that cannot be reached and a failed build are reported with their reasons and the remedies', async () => {
  installGo(2);
  const idle = createServer().listen(0, '127.0.0.1');
  await once(idle, 'listening');
  const { port } = idle.address() as AddressInfo;
  await new Promise((resolve) => idle.close(resolve));
  const url = `https://127.0.0.1:${port}/release`;
  const lines: string[] = [];
  await expect(
    temporalExecutable((line) => lines.push(line), undefined, { archive: { url, sha256: '' }, directory: directory() }),
  ).rejects.toThrow('set TEMPORAL_ADDRESS to a running Temporal server');
  expect(lines.join('\n')).toMatch(/cannot be downloaded: fetch failed: .*ECONNREFUSED/);
  expect(lines.join('\n')).toMatch(/go install ended with code 2:\n(.*\n)*no space left on device/);
});

it('the command on PATH is preferred', async () => {
  script(join(machine, 'bin/temporal'), 'exit 0');
  expect((await find('/missing')).executable).toBe('temporal');
});

it.each(['linux', 'darwin'])('the release has archives for %s with pinned checksums', (platform) => {
  for (const [architecture, name] of [
    ['x64', 'amd64'],
    ['arm64', 'arm64'],
  ] as const)
    expect(cliArchive(platform, architecture)).toEqual({
      url: `https://github.com/temporalio/cli/releases/download/v1.5.1/temporal_cli_1.5.1_${platform}_${name}.tar.gz`,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  expect(cliArchive('win32', 'x64')).toBeUndefined();
});
