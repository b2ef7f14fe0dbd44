import type { ExecResult } from 'just-bash';
import { contentsOf } from '../../dataPlane/containerImage.ts';
import { startContainer } from '../../dataPlane/containerStart.ts';
import type { Files } from '../../dataPlane/containerStart.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** The address of a container in the machine's own network. */
const containerAddress = '172.18.0.2';

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
  const mounted = async (directory = ''): Promise<Files> => {
    const below = mounts.filter(
      ([, target]) => directory !== '' && (target === directory || target.startsWith(`${directory}/`)),
    );
    return Object.assign({}, ...(await Promise.all(below.map(([source]) => filesBelow(machine, source)))));
  };
  const contents = contentsOf(local.manifest);
  const { healthy, log } = contents
    ? startContainer(
        contents,
        await mounted(env['AML_APP_ROOT']),
        env['AZUREML_ENTRY_SCRIPT'] ?? '',
        await mounted(env['AZUREML_MODEL_DIR']),
      )
    : { healthy: false, log: ['exec format error'] };
  machine.pass(5);
  machine.state.containers[name] = { healthy, log };
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
export function containerAnswer(
  machine: Machine,
  host: string,
): { status: number; body: string } | { fault: 'refused' } | undefined {
  if (host !== containerAddress) return undefined;
  const healthy = Object.values(machine.state.containers).some((container) => container.healthy);
  return healthy ? { status: 200, body: 'Healthy' } : { fault: 'refused' };
}
