import type { ExecResult } from 'just-bash';
import { contentsOf } from '../../dataPlane/containerImage.ts';
import { ScoringError } from '../../dataPlane/linearModel.ts';
import { executeScript } from '../../dataPlane/scoringScript.ts';
import { startContainer } from '../../dataPlane/containerStart.ts';
import type { Files } from '../../dataPlane/containerStart.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** The address of a container in the machine's own network. */
const containerAddress = '172.18.0.2';
/** The port of Azure's inference server. */
const inferencePort = '5001';

/** Texts of the files below a directory, or of one file by its name. */
async function filesBelow(machine: Machine, path: string): Promise<Files> {
  const { fs } = machine;
  if (!(await fs.exists(path))) return {};
  if (!(await fs.stat(path)).isDirectory) return { [path.slice(path.lastIndexOf('/') + 1)]: await fs.readFile(path) };
  const files: Files = {};
  for (const file of fs.getAllPaths().filter((one) => one.startsWith(`${path}/`))) {
    if (!(await fs.stat(file)).isDirectory) files[file.slice(path.length + 1)] = await fs.readFile(file);
  }
  return files;
}

const filesOf = async (machine: Machine, paths: readonly string[]): Promise<Files> =>
  Object.assign({}, ...(await Promise.all(paths.map((path) => filesBelow(machine, path))))) as Files;

/** `docker run --detach --name --network --env --volume IMAGE`: starts the image's server with the mounted code and model. */
export async function run(machine: Machine, args: string[]): Promise<ExecResult> {
  const { values, repeated, flags, operands } = parseOptions(args, {
    values: ['--name', '--network', '-e|--env', '-v|--volume'],
    flags: ['-d|--detach'],
  });
  const [image = ''] = operands;
  const { '--name': name = '', '--network': network = 'bridge' } = values;
  const local = machine.state.images[image];
  if (!flags.has('--detach') || name === '') return fail(125, 'docker: only --detach with --name is emulated');
  if (!local) return fail(125, `Unable to find image '${image}' locally`);
  if (network !== 'bridge' && !machine.state.networks.includes(network))
    return fail(125, `docker: Error response from daemon: network ${network} not found.`);
  if (machine.state.containers[name])
    return fail(125, `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use.`);
  const env = Object.fromEntries((repeated['--env'] ?? []).map((one) => one.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >;
  const mounts = (repeated['--volume'] ?? []).map((one) => one.split(':') as [string, string]);
  const sourcesOf = (directory = ''): string[] =>
    mounts
      .filter(([, target]) => directory !== '' && (target === directory || target.startsWith(`${directory}/`)))
      .map(([source]) => source);
  const code = sourcesOf(env['AML_APP_ROOT']);
  const model = sourcesOf(env['AZUREML_MODEL_DIR']);
  const contents = contentsOf(local.manifest);
  const script = env['AZUREML_ENTRY_SCRIPT'] ?? '';
  const { healthy, log } = contents
    ? startContainer(contents, await filesOf(machine, code), script, await filesOf(machine, model))
    : { healthy: false, log: ['exec format error'] };
  machine.pass(5);
  machine.state.containers[name] = { healthy, log, code, model };
  return succeed('4f5e6d\n');
}

/** `docker logs`, on standard output and standard error together. */
export function logs(machine: Machine, args: string[]): ExecResult {
  const { values, operands } = parseOptions(args, { values: ['-n|--tail'] });
  const container = machine.state.containers[operands[0] ?? ''];
  if (!container) return fail(1, `Error response from daemon: No such container: ${operands[0]}`);
  const lines = container.log.slice(-Number(values['--tail'] ?? container.log.length));
  return { stdout: '', stderr: `${lines.join('\n')}\n`, exitCode: 0 };
}

/** `docker rm --force`. */
export function remove(machine: Machine, args: string[]): ExecResult {
  const { operands } = parseOptions(args, { flags: ['-f|--force', '-v|--volumes'] });
  for (const name of operands) delete machine.state.containers[name];
  return succeed();
}

const stateFormat = '{{.State.Running}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';

/** `docker container inspect --format`: whether it runs, and its address. */
export function inspectContainer(machine: Machine, args: string[]): ExecResult {
  const { values, operands } = parseOptions(args, { values: ['-f|--format'] });
  const container = machine.state.containers[operands[0] ?? ''];
  if (!container) return fail(1, `Error response from daemon: No such container: ${operands[0]}`);
  if (values['--format'] !== stateFormat) return fail(1, `template parsing error: ${values['--format']}`);
  return succeed(`${container.healthy} ${container.healthy ? containerAddress : ''}\n`);
}

/** `docker network create --internal NAME`, `inspect NAME`, `rm NAME`. */
export function network(machine: Machine, args: string[]): ExecResult {
  const { operands } = parseOptions(args, { flags: ['--internal'] });
  const [verb, name = ''] = operands;
  const { networks } = machine.state;
  if (verb === 'create') {
    if (networks.includes(name)) return fail(1, `Error response from daemon: network with name ${name} already exists`);
    networks.push(name);
    return succeed('0a1b2c\n');
  }
  if (verb === 'inspect')
    return networks.includes(name) ? succeed('[]\n') : fail(1, `Error response from daemon: network ${name} not found`);
  return fail(1, `docker: 'network ${verb}' is not emulated`);
}

/** What a request to a container of this machine gets; undefined where the host is none. */
export async function containerAnswer(
  machine: Machine,
  url: URL,
  { method, body }: { method: string; body: string },
): Promise<{ status: number; body: string } | { fault: 'refused' } | undefined> {
  if (url.hostname !== containerAddress) return undefined;
  const container = Object.values(machine.state.containers).find(({ healthy }) => healthy);
  if (!container || url.port !== inferencePort) return { fault: 'refused' };
  if (url.pathname === '/') return { status: 200, body: 'Healthy' };
  if (url.pathname !== '/score') return { status: 404, body: 'Not Found' };
  if (method !== 'POST') return { status: 405, body: 'Method Not Allowed' };
  machine.passPart(1, 'onlineEndpoint.score');
  const [code, model] = await Promise.all([filesOf(machine, container.code), filesOf(machine, container.model)]);
  try {
    return { status: 200, body: executeScript({ code: Object.values(code), models: Object.values(model) }, body) };
  } catch (error) {
    if (!(error instanceof ScoringError)) throw error;
    // the server answers 500 with the exception; the gateway of an endpoint makes 424 of it
    container.log.push('Encountered Exception: Traceback (most recent call last):', error.message);
    return { status: 500, body: error.message };
  }
}
