import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { CliArchive } from './cliRelease.ts';

const run = promisify(execFile);

/** Time without an answer, or without data, after which the network counts as closed. */
const silenceMs = 5_000;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/**
 * Downloads an archive, verifies its checksum and unpacks it into `directory`, which is complete or absent. `draw` receives the progress in
 * one line. Throws an Error when the network is closed, or when the archive is not the official one.
 */
export async function downloadCli(
  { url, sha256 }: CliArchive,
  directory: string,
  draw: (line: string) => void,
): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const temporary = await mkdtemp(`${directory}.`);
  try {
    const archive = join(temporary, 'archive.tar.gz');
    const digest = await save(url, archive, draw);
    if (digest !== sha256) throw new Error(`${url} has the checksum ${digest} instead of ${sha256}`);
    const unpacked = join(temporary, 'unpacked');
    await mkdir(unpacked);
    await run('tar', ['-xzf', archive, '-C', unpacked]);
    await rename(unpacked, directory).catch((error: NodeJS.ErrnoException) => {
      // another process has downloaded it meanwhile
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Saves the body of a GET. Returns its SHA-256. */
async function save(url: string, file: string, draw: (line: string) => void): Promise<string> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no data in ${silenceMs / 1000} s`)), silenceMs);
  const target = await open(file, 'wx');
  try {
    const { ok, status, headers, body } = await fetch(url, { signal: silence.signal });
    if (!ok || !body) throw new Error(`${url} was answered with ${status}`);
    const total = Number(headers.get('content-length') ?? 0);
    const hash = createHash('sha256');
    let received = 0;
    for await (const chunk of body) {
      timer.refresh();
      hash.update(chunk);
      await target.write(chunk);
      received += chunk.length;
      draw(`${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB downloaded`);
    }
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
    await target.close();
  }
}
