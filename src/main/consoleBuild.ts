import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the built console is. */
export const consoleDirectory = join(root, 'web/dist');
/** Contains the hash of the sources that the console was built from. */
const stampFile = join(consoleDirectory, '.sources');

/** Builds the console unless it is built from the present sources. */
export async function buildConsole(log: (line: string) => void): Promise<void> {
  const hash = await hashOfSources();
  if ((await readFile(stampFile, 'utf8').catch(() => undefined)) === hash) return;
  log('Building the console (a few seconds, once for each change of its sources).');
  // Imported here: the image has the built console and not the builder.
  const { build } = await import('vite');
  const unfinished = `${consoleDirectory}.${process.pid}`;
  await build({
    configFile: join(root, 'web/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: unfinished, emptyOutDir: true },
  });
  await compress(unfinished);
  await writeFile(join(unfinished, '.sources'), hash);
  await replace(unfinished);
}

/** Adds a compressed file beside each script and style, which the API serves instead. */
async function compress(directory: string): Promise<void> {
  for (const file of globSync('assets/*.{js,css}', { cwd: directory })) {
    const content = await readFile(join(directory, file));
    await writeFile(join(directory, `${file}.br`), brotliCompressSync(content));
    await writeFile(join(directory, `${file}.gz`), gzipSync(content));
  }
}

/** Of all that the built console depends on. */
async function hashOfSources(): Promise<string> {
  const files = globSync(
    [
      'web/{src,public}/**/*',
      'web/*.{html,ts,json}',
      'src/client/**/*.ts',
      'src/main/consoleBuild.ts',
      'package-lock.json',
    ],
    {
      cwd: root,
      withFileTypes: true,
    },
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.slice(root.length)}\n`).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Another process may be building the same console: the last one stays, complete. */
async function replace(unfinished: string): Promise<void> {
  const previous = `${unfinished}.previous`;
  await mkdir(consoleDirectory, { recursive: true });
  await rename(consoleDirectory, previous);
  await rename(unfinished, consoleDirectory).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(unfinished, { recursive: true, force: true });
  });
  await rm(previous, { recursive: true, force: true });
}
