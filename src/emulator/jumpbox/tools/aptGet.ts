import type { ExecResult } from 'just-bash';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** The image's own archive speaks http, as on Azure's Ubuntu images. */
const ubuntu = {
  host: 'azure.archive.ubuntu.com',
  port: 80,
  url: 'http://azure.archive.ubuntu.com/ubuntu noble InRelease',
};
const microsoft = {
  host: 'packages.microsoft.com',
  port: 443,
  url: 'https://packages.microsoft.com/repos/azure-cli noble InRelease',
};

/** Packages that can be installed, with their share of `jumpbox.setup`. */
const packages: Record<string, { source: typeof ubuntu; share: number; service?: string }> = {
  'ca-certificates': { source: ubuntu, share: 0.01 },
  'docker.io': { source: ubuntu, share: 0.4, service: 'docker' },
  'docker-buildx': { source: ubuntu, share: 0.05 },
  git: { source: ubuntu, share: 0.05 },
  jq: { source: ubuntu, share: 0.02 },
  'azure-cli': { source: microsoft, share: 0.35 },
};

const options = {
  values: ['-o|--option'],
  flags: ['-y|--yes', '-q', '-qq', '--no-install-recommends'],
};

const lockTimeout = 'DPkg::Lock::Timeout=';

/** The configured archives: Ubuntu's, and Microsoft's once its source and its key are there. Throws Error naming a bad source. */
async function sources(machine: Machine): Promise<(typeof ubuntu)[]> {
  const found = [ubuntu];
  for (const file of await machine.fs.readdir('/etc/apt/sources.list.d')) {
    const text = await machine.fs.readFile(`/etc/apt/sources.list.d/${file}`);
    const keyring = /^Signed-By: (\S+)$/im.exec(text)?.[1] ?? '';
    if (!/^URIs: https:\/\/packages\.microsoft\.com\/repos\/azure-cli\/?$/m.test(text))
      throw new Error(`unknown archive in ${file}`);
    if (!/^Suites: noble$/m.test(text)) throw new Error(`The repository of ${file} does not have a Release file.`);
    const key = (await machine.fs.exists(keyring)) ? await machine.fs.readFile(keyring) : '';
    if (!key.startsWith('dearmored ')) throw new Error(`The repository of ${file} is not signed: NO_PUBKEY.`);
    found.push(microsoft);
  }
  return found;
}

function failed(source: typeof ubuntu, fault: string): ExecResult {
  const why =
    fault === 'nxdomain'
      ? `Could not resolve '${source.host}'`
      : `Could not connect to ${source.host}:${source.port}, connection timed out`;
  return fail(100, `E: Failed to fetch ${source.url}  ${why}\nE: Some index files failed to download.`);
}

async function update(machine: Machine): Promise<ExecResult> {
  let found: (typeof ubuntu)[];
  try {
    found = await sources(machine);
  } catch (error) {
    return fail(100, `E: ${(error as Error).message}`);
  }
  machine.passPart(0.07, 'jumpbox.setup');
  for (const source of found) {
    const fault = machine.unreachable(source.host, source.port, 120);
    if (fault) return failed(source, fault);
    if (!machine.state.lists.includes(source.host)) machine.state.lists.push(source.host);
  }
  return succeed('Reading package lists...\n');
}

/**
 * Waits for dpkg's lock, which an agent that starts with the machine holds for the first `aptLockSeconds` of Azure's time (object; default:
 * not at all; Azure/azure-linux-extensions#1499), as long as `DPkg::Lock::Timeout` allows. Returns the failure where that is not enough.
 */
function waitForLock(machine: Machine, aptOptions: readonly string[] = []): ExecResult | undefined {
  const { cloud, vm } = machine;
  const heldMs = Number(cloud.objects.get('aptLockSeconds') ?? 0) * 1000 * cloud.timeScale;
  const seconds = Math.max(0, (vm.createdAt + heldMs - machine.now) / 1000 / cloud.timeScale);
  const timeout = Number(aptOptions.findLast((one) => one.startsWith(lockTimeout))?.slice(lockTimeout.length) ?? 0);
  machine.pass(Math.min(seconds, timeout));
  if (seconds <= timeout) return undefined;
  const lock = '/var/lib/dpkg/lock-frontend';
  return fail(
    100,
    `E: Could not get lock ${lock}. It is held by process 1402 (apt-get)\nE: Unable to acquire the dpkg frontend lock (${lock}), is another process using it?`,
  );
}

function installPackages(machine: Machine, names: string[]): ExecResult {
  const unknown = names.find((name) => !machine.state.lists.includes(packages[name]?.source.host ?? ''));
  if (unknown) return fail(100, `E: Unable to locate package ${unknown}`);
  for (const name of names.filter((name) => !machine.state.packages.includes(name))) {
    const found = packages[name];
    if (!found) continue;
    const fault = machine.unreachable(found.source.host, found.source.port, 120);
    if (fault) return failed(found.source, fault);
    machine.passPart(found.share, 'jumpbox.setup');
    machine.state.packages.push(name);
    if (found.service !== undefined) machine.state.services.push(found.service);
    machine.installed(name);
  }
  return succeed(`Setting up ${names.join(', ')} ...\n`);
}

/** `apt-get update` (strict: `APT::Update::Error-Mode=any`) and `apt-get install`. */
export async function aptGet(machine: Machine, args: string[]): Promise<ExecResult> {
  const { operands, repeated, flags } = parseOptions(args, options);
  const [verb, ...names] = operands;
  if (verb === 'update') {
    const result = await update(machine);
    const strict = repeated['--option']?.includes('APT::Update::Error-Mode=any');
    return result.exitCode === 0 || strict ? result : { ...result, exitCode: 0 };
  }
  if (verb !== 'install') return fail(100, `E: Invalid operation ${verb}`);
  if (!flags.has('--yes')) return fail(1, 'Abort.');
  return waitForLock(machine, repeated['--option']) ?? installPackages(machine, names);
}
