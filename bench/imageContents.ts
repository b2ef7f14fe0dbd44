import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PartContext, Row } from './part.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Megabytes of all files below a directory. */
function megabytes(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0) / 1e6;
}

/** What the Dockerfile copies: production packages without install scripts, and `src`. */
export function imageContents({ log }: PartContext): Row[] {
  const directory = mkdtempSync(join(tmpdir(), 'moat-image-'));
  log('production packages, as in the image');
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(directory, file));
    const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error('npm ci failed');
    const packages = megabytes(join(directory, 'node_modules'));
    const own = megabytes(join(root, 'src'));
    return [
      { measure: 'image, without its base', value: packages + own, unit: 'MB', note: 'sum of its files' },
      { measure: 'of that production packages', value: packages, unit: 'MB' },
      { measure: 'of that src', value: own, unit: 'MB' },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
