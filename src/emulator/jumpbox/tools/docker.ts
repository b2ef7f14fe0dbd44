import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { textAt } from '../../dataPlane/jsonPath.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';
import { build } from './dockerBuild.ts';

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

function inspect(machine: Machine, args: string[]): ExecResult {
  const { values, operands } = parseOptions(args, { values: ['-f|--format'] });
  const [image = ''] = operands;
  const local = machine.state.images[image];
  if (!local) return fail(1, `Error response from daemon: No such image: ${image}`);
  if (values['--format'] !== '{{index .RepoDigests 0}}')
    return fail(1, `template parsing error: ${values['--format']}`);
  if (local.digest === undefined)
    return fail(
      1,
      'template: :1:2: executing "" at <index .RepoDigests 0>: error calling index: index out of range: 0',
    );
  return succeed(`${image.split(':')[0]}@${local.digest}\n`);
}

/** `docker`: build, push, pull, image inspect. */
export async function docker(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const [verb, ...rest] = args;
  if (verb === '--version') return succeed('Docker version 29.1.3, build 29.1.3-0ubuntu3~24.04.2\n');
  if (!machine.state.services.includes('docker')) {
    return fail(1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?');
  }
  if (verb === 'build') return build(machine, rest, context);
  if (verb === 'image' && rest[0] === 'inspect') return inspect(machine, rest.slice(1));
  const { operands } = parseOptions(rest, { flags: ['-q|--quiet'] });
  if (verb === 'push') return push(machine, operands[0] ?? '');
  if (verb === 'pull') return pull(machine, operands[0] ?? '');
  return fail(1, `docker: '${verb}' is not emulated`);
}
