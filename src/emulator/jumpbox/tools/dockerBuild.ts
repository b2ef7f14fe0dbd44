import { createHash } from 'node:crypto';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** Base images that the emulated Microsoft registry has. */
const baseImages = [
  'mcr.microsoft.com/azureml/minimal-py312-inference:latest',
  'mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest',
];

/** Hosts that a step of a build needs, by how its command begins. */
const needs: [RegExp, string[]][] = [
  [/^(?:python\d? -m )?pip install\b/, ['pypi.org', 'files.pythonhosted.org']],
  [/^conda env update\b/, ['conda.anaconda.org', 'pypi.org', 'files.pythonhosted.org']],
];

const failed = (what: string, why: string): ExecResult =>
  fail(1, `ERROR: failed to build: failed to solve: ${what}: ${why}`);

function baseFailure(machine: Machine, image: string): ExecResult | undefined {
  const [host = ''] = image.split('/');
  const fault = machine.unreachable(host.includes('.') ? host : 'registry-1.docker.io');
  if (fault) return failed(image, `failed to resolve source metadata: dial tcp ${host}:443: i/o timeout`);
  return baseImages.includes(image)
    ? undefined
    : failed(image, `failed to resolve source metadata: ${image}: not found`);
}

function runFailure(machine: Machine, step: string): ExecResult | undefined {
  const hosts = needs.find(([beginning]) => beginning.test(step))?.[1] ?? [];
  const lost = hosts.find((host) => machine.unreachable(host));
  return lost === undefined
    ? undefined
    : failed(`process "/bin/sh -c ${step}" did not complete successfully`, `exit code: 1: no connection to ${lost}`);
}

async function copyFailure(machine: Machine, directory: string, operands: string[]): Promise<ExecResult | undefined> {
  for (const source of operands.filter((operand) => !operand.startsWith('--')).slice(0, -1)) {
    if (await machine.fs.exists(machine.fs.resolvePath(directory, source))) continue;
    return failed('failed to compute cache key', `"/${source}": not found`);
  }
  return undefined;
}

/** Executes a Dockerfile: the base image, files to copy and package hosts must exist and be reachable. */
async function buildFailure(machine: Machine, dockerfile: string, directory: string): Promise<ExecResult | undefined> {
  const steps = dockerfile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (!steps[0]?.startsWith('FROM ')) return failed('dockerfile parse error', 'no build stage in current context');
  for (const step of steps) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(step) ?? [];
    let failure: ExecResult | undefined;
    if (word === 'FROM') failure = baseFailure(machine, rest.split(' ')[0] ?? '');
    else if (word === 'COPY') failure = await copyFailure(machine, directory, rest.split(/\s+/));
    else if (word === 'RUN') failure = runFailure(machine, rest);
    else if (!['ENV', 'WORKDIR', 'USER', 'EXPOSE', 'CMD', 'ENTRYPOINT', 'LABEL', 'ARG'].includes(word)) {
      failure = failed('dockerfile parse error', `unknown instruction: ${word}`);
    }
    if (failure) return failure;
  }
  return undefined;
}

/** `docker build --tag --file --provenance CONTEXT`; takes `image.build`. */
export async function build(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const { values, operands } = parseOptions(args, {
    values: ['-t|--tag', '-f|--file', '--provenance'],
    flags: ['-q|--quiet'],
  });
  const directory = machine.fs.resolvePath(context.cwd, operands[0] ?? '');
  const file = machine.fs.resolvePath(context.cwd, values['--file'] ?? `${directory}/Dockerfile`);
  if (!(await machine.fs.exists(file)))
    return fail(1, `ERROR: failed to build: failed to read dockerfile: open ${file}: no such file or directory`);
  const dockerfile = await machine.fs.readFile(file);
  const failure = await buildFailure(machine, dockerfile, directory);
  if (failure) return failure;
  machine.passPart(1, 'image.build');
  const layers: Record<string, string> = {};
  for (const path of machine.fs
    .getAllPaths()
    .filter((path) => path.startsWith(`${directory}/`))
    .toSorted()) {
    if ((await machine.fs.stat(path)).isDirectory) continue;
    layers[path.slice(directory.length)] = createHash('sha256')
      .update(await machine.fs.readFile(path))
      .digest('hex');
  }
  machine.state.images[values['--tag'] ?? ''] = { manifest: JSON.stringify({ schemaVersion: 2, dockerfile, layers }) };
  return succeed();
}
