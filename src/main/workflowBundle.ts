import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger, WorkflowBundle } from '@temporalio/worker';

const source = fileURLToPath(new URL('..', import.meta.url));
/** Beside the dependencies, so that the image contains what was built with it. */
const directory = fileURLToPath(new URL('../../node_modules/.cache/moat/', import.meta.url));

/** Temporal rejects a workflow with a versioning behavior on a worker without a build ID. */
const entryPoints = {
  plain: new URL('../workflows/index.ts', import.meta.url),
  versioned: new URL('../workflows/versioned.ts', import.meta.url),
};

/** They pass the trace context on, in every worker: one that has no collector may execute what a traced request has started. */
const interceptorsPath = fileURLToPath(new URL('../workflows/traceInterceptors.ts', import.meta.url));

export interface BundleOptions {
  kind: keyof typeof entryPoints;
  /** of the data converter: a bundle contains it */
  failureConverterPath?: string | undefined;
  logger: Logger;
}

/**
 * The code of the workflows, in one file. It is built once for each state of the sources and of the SDK, and read by later starts; where
 * it cannot be stored, each start builds it.
 */
export async function workflowBundle({ kind, failureConverterPath, logger }: BundleOptions): Promise<WorkflowBundle> {
  const variant = `${kind}-${failureConverterPath === undefined ? 'clear' : 'encrypted'}-`;
  const file = join(directory, `${variant}${await hashOf(failureConverterPath)}.js`);
  const stored = await readFile(file, 'utf8').catch(() => undefined);
  if (stored !== undefined) return { code: stored };
  const workflowsPath = fileURLToPath(entryPoints[kind]);
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptorsPath],
    // shared by all workflows of a worker: the modules have no state. Each workflow would else have its own copy of them all.
    preloadModules: [workflowsPath],
    logger,
    ...(failureConverterPath !== undefined && { failureConverterPath }),
  });
  await store(file, code, variant).catch((error: Error) => logger.warn(`workflow bundle not stored: ${error.message}`));
  return { code };
}

/** Of all that a bundle can contain. */
async function hashOf(failureConverterPath: string | undefined): Promise<string> {
  const sdk = createRequire(import.meta.url).resolve('@temporalio/workflow/package.json');
  const sources = globSync(['domain/**/*.ts', 'workflows/**/*.ts'], { cwd: source }).toSorted();
  const options = fileURLToPath(import.meta.url);
  const files = [sdk, options, failureConverterPath, ...sources.map((file) => join(source, file))];
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(file === undefined ? '' : `${relative(source, file)}\n${await readFile(file, 'utf8')}`);
  return hash.digest('hex').slice(0, 16);
}

/** Replaces the bundle of earlier sources. Another worker may be storing the same one: a file under this name is always complete. */
async function store(file: string, code: string, variant: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, file);
  for (const name of await readdir(directory))
    if (name.startsWith(variant) && name.endsWith('.js') && name !== basename(file))
      await rm(join(directory, name), { force: true });
}
