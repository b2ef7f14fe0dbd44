import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compose } from './composeFile.ts';

const run = promisify(execFile);

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'moat');

/** The version of the server that docker-compose.yml runs. */
const temporalVersion = compose.services['temporal']!.image!.split(':')[1]!;
const kustomizeVersion = '5.7.1';
const composeVersion = '2.9.0';
const validatorVersion = '1.37.0';

/** Has `temporal-server` and `temporal-sql-tool`, once they are installed. */
export const temporalTools = join(cache, `temporal-server-${temporalVersion}`);
/** Has `kustomize`, once it is installed. */
export const kustomizeTools = join(cache, `kustomize-${kustomizeVersion}`);

/** The schema of compose files, once it is installed. */
export const composeSchema = join(cache, `compose-${composeVersion}.json`);
/** Has the Python package that validates Kubernetes objects, once it is installed. */
export const kubernetesValidator = join(cache, `kubernetes-validate-${validatorVersion}`);

/** Installs commands of a Go module, by the name that each gets: once per machine and version. */
async function goInstall(directory: string, version: string, commands: Record<string, string>): Promise<void> {
  if (existsSync(directory)) return;
  const building = `${directory}.${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    const packages = Object.values(commands).map((path) => `${path}@v${version}`);
    await run('go', ['install', ...packages], { env: { ...process.env, GOBIN: building }, maxBuffer: 2 ** 26 });
    for (const [name, path] of Object.entries(commands))
      await rename(
        join(
          building,
          path.split('/').findLast((part) => !/^v\d+$/.test(part))!,
        ),
        join(building, name),
      );
    await rename(building, directory);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Temporal's server and its schema tool, for the tests of the production topology: minutes, once per machine. */
export const installTemporal = (): Promise<void> =>
  goInstall(temporalTools, temporalVersion, {
    'temporal-server': 'go.temporal.io/server/cmd/server',
    'temporal-sql-tool': 'go.temporal.io/server/cmd/tools/sql',
  });

/** Renders deploy/kubernetes. */
export const installKustomize = (): Promise<void> =>
  goInstall(kustomizeTools, kustomizeVersion, { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' });

/** The schema that Docker Compose itself uses. */
export async function installComposeSchema(): Promise<void> {
  if (existsSync(composeSchema)) return;
  const { stdout } = await run('go', [
    'mod',
    'download',
    '-json',
    `github.com/compose-spec/compose-go/v2@v${composeVersion}`,
  ]);
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  await mkdir(cache, { recursive: true });
  await copyFile(join(Dir, 'schema/compose-spec.json'), composeSchema);
}

/** Checks objects against the schemas of Kubernetes that it ships. */
export async function installKubernetesValidator(): Promise<void> {
  if (existsSync(join(kubernetesValidator, 'installed'))) return;
  await run('python3', ['-m', 'venv', kubernetesValidator]);
  const packages = [`kubernetes-validate==${validatorVersion}`];
  await run(join(kubernetesValidator, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(join(kubernetesValidator, 'installed'), '');
}

/** The folder of the newest PostgreSQL of Debian; undefined where there is none. */
export function postgresqlCommands(): string | undefined {
  const packages = '/usr/lib/postgresql';
  const versions = existsSync(packages) ? readdirSync(packages).map(Number).filter(Number.isInteger) : [];
  const directory = join(packages, String(Math.max(...versions)), 'bin');
  return existsSync(join(directory, 'initdb')) ? directory : undefined;
}

function isCommand(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What the production topology needs and this machine lacks. */
export const missingTools = (): string[] => [
  ...(existsSync(temporalTools) ? [] : [`Temporal's server ${temporalVersion}`]),
  ...(postgresqlCommands() === undefined ? ['PostgreSQL'] : []),
  ...['caddy', 'setpriv', 'openssl'].filter((name) => !isCommand(name)),
];
