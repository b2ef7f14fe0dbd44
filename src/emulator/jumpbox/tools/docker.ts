import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { textAt } from '../../dataPlane/jsonPath.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';
import { findBaseImage } from '../baseImages.ts';
import { contentsOf } from '../../dataPlane/containerImage.ts';
import { build, registryOf } from './dockerBuild.ts';
import { inspectContainer, logs, network, remove, run } from './dockerRun.ts';

/** Parses `{host}/{repository}:{tag}`. */
function partsOf(image: string): { host: string; path: string } {
  const [host = '', ...rest] = image.split('/');
  const [repository = '', tag = 'latest'] = rest.join('/').split(':');
  return { host, path: `/v2/${repository}/manifests/${tag}` };
}

async function loginTo(machine: Machine, host: string): Promise<Record<string, string>> {
  const token = textAt(await machine.readJson('/root/.docker/config.json'), 'auths', host, 'identitytoken');
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

const noWay = (host: string, fault: string): ExecResult =>
  fault === 'nxdomain'
    ? fail(1, `Error response from daemon: Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`)
    : fail(
        1,
        `Error response from daemon: Get "https://${host}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
      );

function refused(status: number, body: string, image: string): ExecResult {
  if (status === 404) return fail(1, `Error response from daemon: manifest for ${image} not found: manifest unknown`);
  if (status === 401)
    return fail(
      1,
      'unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.',
    );
  return fail(1, `Error response from daemon: ${body}`);
}

async function push(machine: Machine, image: string): Promise<ExecResult> {
  const local = machine.state.images[image];
  if (!local) return fail(1, `An image does not exist locally with the tag: ${image.split(':')[0]}`);
  const { host, path } = partsOf(image);
  const url = `https://${host}${path}`;
  const exchange = machine.request({ url, method: 'PUT', headers: await loginTo(machine, host), body: local.manifest });
  if ('fault' in exchange) return noWay(host, exchange.fault);
  if (exchange.status !== 201) return refused(exchange.status, exchange.body, image);
  machine.passPart(1, 'image.push');
  local.digest = exchange.headers['docker-content-digest'] ?? '';
  return succeed(`${image}\n`);
}

async function pull(machine: Machine, image: string): Promise<ExecResult> {
  const { host, path } = partsOf(image);
  const exchange = machine.request({ url: `https://${host}${path}`, headers: await loginTo(machine, host) });
  if ('fault' in exchange) return noWay(host, exchange.fault);
  if (exchange.status !== 200) return refused(exchange.status, exchange.body, image);
  if (!machine.state.images[image]) machine.passPart(0.5, 'image.push');
  machine.state.images[image] = { manifest: exchange.body, digest: exchange.headers['docker-content-digest'] ?? '' };
  return succeed(`${image}\n`);
}

const labelFormat = /^\{\{index \.Config\.Labels "([^"]+)"\}\}$/;

/** `docker image inspect --format`: the image by digest, or one of its labels. */
function inspectImage(machine: Machine, args: string[]): ExecResult {
  const { values, operands } = parseOptions(args, { values: ['-f|--format'] });
  const [image = ''] = operands;
  const format = values['--format'] ?? '';
  const local = machine.state.images[image];
  if (!local) return fail(1, `Error response from daemon: No such image: ${image}`);
  const label = labelFormat.exec(format)?.[1];
  if (label !== undefined) return succeed(`${contentsOf(local.manifest)?.labels[label] ?? ''}\n`);
  if (format !== '{{index .RepoDigests 0}}') return fail(1, `template parsing error: ${format}`);
  if (local.digest === undefined)
    return fail(
      1,
      'template: :1:2: executing "" at <index .RepoDigests 0>: error calling index: index out of range: 0',
    );
  return succeed(`${image.split(':')[0]}@${local.digest}\n`);
}

/** `docker buildx imagetools inspect --format {{.Manifest.Digest}} IMAGE`: asks the registry. */
function inspectRemote(machine: Machine, args: string[]): ExecResult {
  const { values, operands } = parseOptions(args, { values: ['--format'] });
  const [image = ''] = operands;
  if (values['--format'] !== '{{.Manifest.Digest}}') return fail(1, `ERROR: template parsing error`);
  const host = registryOf(image);
  if (machine.unreachable(host)) return fail(1, `ERROR: failed to do request: dial tcp ${host}:443: i/o timeout`);
  const base = findBaseImage(machine.cloud, image);
  return base ? succeed(`${base.digest}\n`) : fail(1, `ERROR: ${image}: not found`);
}

/** `docker system prune --all --force`: images that no container uses, and the build cache. */
function prune(machine: Machine, args: string[]): ExecResult {
  const { flags } = parseOptions(args, { flags: ['-a|--all', '-f|--force'] });
  if (!flags.has('--force')) return fail(1, 'Are you sure you want to continue? [y/N]');
  machine.state.buildCacheGb = 0;
  if (flags.has('--all')) machine.state.images = {};
  return succeed('Total reclaimed space: 0B\n');
}

const commands: Record<string, (machine: Machine, args: string[]) => ExecResult | Promise<ExecResult>> = {
  'image inspect': inspectImage,
  'container inspect': inspectContainer,
  'buildx imagetools inspect': inspectRemote,
  'system prune': prune,
  network,
  run,
  logs,
  rm: remove,
};

/** `docker`: build, push, pull, run, logs, rm; images, containers, networks; prune. */
export async function docker(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const [verb, ...rest] = args;
  if (verb === '--version') return succeed('Docker version 29.1.3, build 29.1.3-0ubuntu3~24.04.2\n');
  if (!machine.state.services.includes('docker')) {
    return fail(1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?');
  }
  if (verb === 'build') return build(machine, rest, context);
  const name = Object.keys(commands).find((one) => `${args.join(' ')} `.startsWith(`${one} `));
  const execute = name === undefined ? undefined : commands[name];
  if (name !== undefined && execute) return execute(machine, args.slice(name.split(' ').length));
  const { operands } = parseOptions(rest, { flags: ['-q|--quiet'] });
  if (verb === 'push') return push(machine, operands[0] ?? '');
  if (verb === 'pull') return pull(machine, operands[0] ?? '');
  return fail(1, `docker: '${verb}' is not emulated`);
}
