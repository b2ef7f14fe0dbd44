import { Bash, getCommandNames } from 'just-bash';
import type { CommandName } from 'just-bash';
import type { Resource, Cloud } from '../arm/model.ts';
import { backgroundCommands, backgroundTools } from './backgroundCommands.ts';
import { hostNameOf } from './ubuntuRelease.ts';
import { loadDisk, saveDisk } from './vmDisk.ts';
import { Machine } from './machine.ts';
import { addTcpDevices } from './tcpDevices.ts';
import { command } from './tool.ts';
import type { Tool } from './tool.ts';
import { aptGet } from './tools/aptGet.ts';
import { az } from './tools/az.ts';
import { curl } from './tools/curl.ts';
import { df } from './tools/df.ts';
import { docker } from './tools/docker.ts';
import { git } from './tools/git.ts';
import { jq } from './tools/jq.ts';
import { nc, ping } from './tools/connectivity.ts';
import { dig, getent, host, nslookup } from './tools/dnsTools.ts';
import { ip } from './tools/ipCommand.ts';
import { sudo, timeout } from './tools/sudo.ts';
import { arch, free, hostname, id, lsbRelease, nproc, uname, whoami } from './tools/systemIdentity.ts';
import { dpkg, flock, gpg, install, systemctl } from './tools/systemTools.ts';

/** What came of a script. */
export interface ScriptRun {
  exitCode: number;
  output: string;
  error: string;
  state: 'Succeeded' | 'Failed' | 'TimedOut';
  /** virtual seconds, at scale 1 */
  elapsedSeconds: number;
}

/** Commands of the image beyond those of the shell, or in place of them. */
const fromImage: Record<string, Tool> = {
  'apt-get': aptGet,
  arch,
  curl,
  df,
  dig,
  dpkg,
  flock,
  free,
  getent,
  gpg,
  host,
  hostname,
  id,
  install,
  ip,
  lsb_release: lsbRelease,
  nc,
  nproc,
  nslookup,
  ping,
  sudo,
  systemctl,
  timeout,
  uname,
  whoami,
};

/** Commands that packages bring. */
const fromPackages: Record<string, [string, Tool]> = {
  'docker.io': ['docker', docker],
  git: ['git', git],
  jq: ['jq', jq],
  'azure-cli': ['az', az],
};

/** The shell's own commands that an Ubuntu image does not have. */
const absent = new Set([
  'jq',
  'rg',
  'sqlite3',
  'xan',
  'yq',
  'html-to-markdown',
  'js-exec',
  'python',
  'python3',
  'curl',
  'timeout',
  'hostname',
  'whoami',
  'tree',
]);

/**
 * Runs a script on a virtual machine, at once and in virtual time: commands and `sleep` let seconds pass on the machine's
 * own clock, and their changes to the cloud are applied immediately. The disk is kept for the next script.
 */
export async function runScript(
  cloud: Cloud,
  vm: Resource,
  script: { script: string; parameters: { name: string; value: string }[]; timeoutSeconds: number },
): Promise<ScriptRun> {
  const disk = loadDisk(cloud, vm);
  const controller = new AbortController();
  const machine = new Machine(cloud, vm, disk, { seconds: script.timeoutSeconds, stop: () => controller.abort() });
  const explained = addTcpDevices(machine, disk.fs);
  const bash = new Bash({
    fs: disk.fs,
    cwd: '/root',
    env: {
      HOME: '/root',
      HOSTNAME: hostNameOf(vm),
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    },
    commands: getCommandNames().filter((name) => !absent.has(name)) as CommandName[],
    customCommands: Object.entries({ ...fromImage, ...backgroundTools }).map(([name, tool]) =>
      command(machine, name, tool),
    ),
    sleep: async (milliseconds) => machine.pass(milliseconds / 1000),
    defenseInDepth: false,
    processInfo: { uid: 0, gid: 0 },
  });
  bash.registerTransformPlugin(backgroundCommands);
  machine.installed = (packageName) => {
    const [name, tool] = fromPackages[packageName] ?? [];
    if (name !== undefined && tool !== undefined) bash.registerCommand(command(machine, name, tool));
  };
  for (const name of disk.state.packages) machine.installed(name);
  const env = Object.fromEntries(
    script.parameters.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
  const { stdout, stderr, exitCode } = await bash
    .exec(script.script, { env, rawScript: true, signal: controller.signal })
    .catch((error: unknown) => {
      // The time limit may be reached in a redirection, where the shell expects no error.
      if (!machine.timedOut) throw error;
      return { stdout: '', stderr: '', exitCode: -1 };
    });
  await saveDisk(cloud, vm, disk);
  const ended = { output: explained(stdout), error: explained(stderr), elapsedSeconds: machine.elapsedSeconds };
  if (machine.timedOut) return { ...ended, exitCode: -1, state: 'TimedOut' };
  return { ...ended, exitCode, state: exitCode === 0 ? 'Succeeded' : 'Failed' };
}
