import { createHash } from 'node:crypto';
import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { findBaseImage } from '../baseImages.ts';
import { takeSpace } from '../diskSpace.ts';
import { commandsOf, hostsOf, runCommandStep, setCommand, setEnvironment } from '../dockerSteps.ts';
import type { BuildState, StepFailure } from '../dockerSteps.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

const failed = ({ what, why }: StepFailure): ExecResult =>
  fail(1, `ERROR: failed to build: failed to solve: ${what}: ${why}`);

const ignored = ['WORKDIR', 'USER', 'EXPOSE', 'LABEL', 'ARG', 'SHELL', 'HEALTHCHECK'];

/** The registry of an image's name. */
export const registryOf = (image: string): string => {
  const [host = ''] = image.split('/');
  return image.includes('/') && host.includes('.') && host !== 'docker.io' ? host : 'registry-1.docker.io';
};

function from(machine: Machine, state: BuildState, image: string): StepFailure | undefined {
  const host = registryOf(image);
  const what = `${image}: failed to resolve source metadata for ${image}`;
  if (machine.unreachable(host)) return { what, why: `dial tcp ${host}:443: i/o timeout` };
  const base = findBaseImage(machine.cloud, image);
  if (!base) return { what, why: `${image}: not found` };
  state.contents = structuredClone(base.contents);
  return undefined;
}

async function copy(
  machine: Machine,
  state: BuildState,
  context: string,
  rest: string,
): Promise<StepFailure | undefined> {
  const operands = rest.split(/\s+/).filter((operand) => !operand.startsWith('--'));
  const target = operands.pop() ?? '';
  for (const source of operands) {
    const path = machine.fs.resolvePath(context, source);
    if (!(await machine.fs.exists(path)))
      return { what: 'failed to compute cache key', why: `"/${source}": not found` };
    if ((await machine.fs.stat(path)).isDirectory) continue;
    const name = /(\/|^\.)$/.test(target) ? `${target}${path.slice(path.lastIndexOf('/') + 1)}` : target;
    state.files[name] = await machine.fs.readFile(path);
  }
  return undefined;
}

function run(machine: Machine, state: BuildState, step: string): StepFailure | undefined {
  const what = `process "/bin/sh -c ${step}" did not complete successfully`;
  for (const command of commandsOf(step, state)) {
    const lost = hostsOf(command).find((host) => machine.unreachable(host));
    if (lost !== undefined) return { what, why: `exit code: 1: no connection to ${lost}` };
    const error = runCommandStep(state, command);
    if (error !== undefined) return { what, why: `exit code: 1: ${error}` };
  }
  return undefined;
}

/** Executes a Dockerfile: the base image, files to copy and package hosts must exist and be reachable. */
async function execute(
  machine: Machine,
  state: BuildState,
  dockerfile: string,
  context: string,
): Promise<StepFailure | undefined> {
  const steps = dockerfile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (!steps.some((step) => step.startsWith('FROM ')))
    return { what: 'dockerfile parse error', why: 'no build stage in current context' };
  for (const step of steps) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(step) ?? [];
    let failure: StepFailure | undefined;
    if (word === 'FROM') failure = from(machine, state, rest.split(' ')[0] ?? '');
    else if (word === 'COPY' || word === 'ADD') failure = await copy(machine, state, context, rest);
    else if (word === 'RUN') failure = run(machine, state, rest);
    else if (word === 'ENV') setEnvironment(state, rest);
    else if (word === 'CMD' || word === 'ENTRYPOINT') setCommand(state, rest);
    else if (!ignored.includes(word)) failure = { what: 'dockerfile parse error', why: `unknown instruction: ${word}` };
    if (failure) return failure;
  }
  return undefined;
}

/** Hashes of the files of the build context. */
async function layersOf(machine: Machine, directory: string): Promise<Record<string, string>> {
  const layers: Record<string, string> = {};
  const paths = machine.fs.getAllPaths().filter((path) => path.startsWith(`${directory}/`));
  for (const path of paths.toSorted()) {
    if ((await machine.fs.stat(path)).isDirectory) continue;
    const hash = createHash('sha256').update(await machine.fs.readFile(path));
    layers[path.slice(directory.length)] = hash.digest('hex');
  }
  return layers;
}

const manifestTypes = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
};

/** `docker build --tag --file --label --pull --provenance CONTEXT`; takes `image.build`. With attestations the result is an index. */
export async function build(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const { values, repeated, operands } = parseOptions(args, {
    values: ['-t|--tag', '-f|--file', '--provenance', '--label'],
    flags: ['-q|--quiet', '--pull'],
  });
  const directory = machine.fs.resolvePath(context.cwd, operands[0] ?? '');
  const file = machine.fs.resolvePath(context.cwd, values['--file'] ?? `${directory}/Dockerfile`);
  if (!(await machine.fs.exists(file)))
    return fail(1, `ERROR: failed to build: failed to read dockerfile: open ${file}: no such file or directory`);
  const dockerfile = await machine.fs.readFile(file);
  const empty = { python: '', serving: '', environments: {}, starts: 'other' as const, labels: {}, sizeGb: 0 };
  const state: BuildState = { contents: empty, files: {}, env: {} };
  const failure = await execute(machine, state, dockerfile, directory);
  if (failure) return failed(failure);
  machine.passPart(1, 'image.build');
  if (!takeSpace(machine, state.contents.sizeGb))
    return failed({
      what: 'failed to copy files',
      why: 'write /var/lib/docker/overlay2/diff: no space left on device',
    });
  state.contents.labels = Object.fromEntries((repeated['--label'] ?? []).map((one) => one.split(/=(.*)/s).slice(0, 2)));
  const { contents } = state;
  const body = { schemaVersion: 2, dockerfile, layers: await layersOf(machine, directory), contents };
  const manifest =
    values['--provenance'] === 'false'
      ? { mediaType: manifestTypes.image, ...body }
      : { schemaVersion: 2, mediaType: manifestTypes.index, manifests: [body, { attestation: true }] };
  machine.state.images[values['--tag'] ?? ''] = { manifest: JSON.stringify(manifest) };
  return succeed();
}
