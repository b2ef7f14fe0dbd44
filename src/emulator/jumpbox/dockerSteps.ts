import type { ImageContents } from '../dataPlane/containerImage.ts';
import { condaRequirements, installRequirements, parseRequirement } from './pythonPackages.ts';

/** An image while its Dockerfile is executed. */
export interface BuildState {
  contents: ImageContents;
  /** texts of copied files by path in the image */
  files: Record<string, string>;
  env: Record<string, string>;
}

/** What a step of a build failed of. */
export interface StepFailure {
  what: string;
  why: string;
}

const pipHosts = ['pypi.org', 'files.pythonhosted.org'];
const condaHosts = ['conda.anaconda.org', ...pipHosts];

const expand = (text: string, env: Record<string, string>): string =>
  text.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => env[name] ?? (name === 'PATH' ? '' : whole));

const tokens = (command: string): string[] => command.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];

/** The value of an option of conda, by any of its spellings. */
const optionOf = (words: string[], ...names: string[]): string | undefined => {
  const position = words.findIndex((word) => names.includes(word));
  return position === -1 ? undefined : words[position + 1];
};

const valued = new Set([
  '-r',
  '--requirement',
  '-c',
  '--constraint',
  '-i',
  '--index-url',
  '--extra-index-url',
  '-t',
  '--target',
]);

function pipInstall(state: BuildState, environment: string, words: string[]): string | undefined {
  const requirements = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [name = '', inline] = word.startsWith('--') ? word.split('=', 2) : [word];
    if (valued.has(name)) {
      const file = inline ?? words.shift() ?? '';
      if (name !== '-r' && name !== '--requirement') continue;
      const text = state.files[file];
      if (text === undefined)
        return `ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${file}'`;
      requirements.push(
        ...text.split('\n').flatMap((line) => (line.startsWith('-') ? [] : (parseRequirement(line) ?? []))),
      );
    } else if (!word.startsWith('-')) requirements.push(...[parseRequirement(word) ?? []].flat());
  }
  const packages = (state.contents.environments[environment] ??= {});
  return installRequirements(packages, state.contents.python, requirements);
}

/** The directory of the environment in which a command called by this path runs; the serving one is first in the PATH. */
const environmentOf = (state: BuildState, path: string | undefined): string =>
  path === undefined || path === '' ? state.contents.serving : path.replace(/\/bin\/$/, '');

function condaEnvironment(state: BuildState, words: string[]): string | undefined {
  const file = optionOf(words, '-f', '--file') ?? 'environment.yml';
  const text = state.files[file];
  if (text === undefined) return `EnvironmentFileNotFound: '${file}' file not found`;
  const name = optionOf(words, '-n', '--name') ?? /^name:\s*(\S+)/m.exec(text)?.[1] ?? 'base';
  const environment = optionOf(words, '-p', '--prefix') ?? `/opt/miniconda/envs/${name}`;
  const packages = (state.contents.environments[environment] ??= {});
  return installRequirements(packages, state.contents.python, condaRequirements(text));
}

const pip = /^(?:(?<python>\S*\/bin\/)?python[\d.]* -m )?(?<bin>\S*\/bin\/)?pip[\d.]* install /;

/** Hosts that a command of a RUN step needs. */
export function hostsOf(command: string): string[] {
  if (pip.test(command)) return pipHosts;
  if (/^conda (env|install|create)\b/.test(command)) return condaHosts;
  return /^apt-get (update|install)\b/.test(command) ? ['deb.debian.org'] : [];
}

/** The commands of a RUN step. */
export const commandsOf = (step: string, { env }: BuildState): string[] =>
  step.split(/&&|;/).map((command) => expand(command.trim(), env));

/** Executes one command of a RUN step. Returns what it failed of. */
export function runCommandStep(state: BuildState, command: string): string | undefined {
  const installed = pip.exec(command);
  if (installed) {
    state.contents.sizeGb += 0.5;
    const { python, bin } = installed.groups ?? {};
    return pipInstall(state, environmentOf(state, python ?? bin), tokens(command.slice(installed[0].length)));
  }
  if (/^conda env (update|create)\b/.test(command)) {
    state.contents.sizeGb += 1;
    return condaEnvironment(state, tokens(command));
  }
  return undefined;
}

/** `ENV NAME=VALUE …` or `ENV NAME VALUE`: the environment that is first in the PATH serves. */
export function setEnvironment(state: BuildState, rest: string): void {
  const old = /^(\w+)\s+([^=].*)$/.exec(rest);
  const pairs = old ? [[old[1], old[2]]] : tokens(rest).map((one) => one.split(/=(.*)/s));
  for (const [name = '', value = ''] of pairs) {
    const text = expand(value.replaceAll(/["']/g, ''), state.env);
    state.env[name] = text;
    const first = /^([^:]+)\/bin(:|$)/.exec(text)?.[1];
    if (name === 'PATH' && first !== undefined) state.contents.serving = first;
  }
}

/** `CMD` or `ENTRYPOINT`: what the container starts. */
export function setCommand(state: BuildState, rest: string): void {
  const starts = /runsvdir/.test(rest)
    ? 'runsvdir'
    : /azmlinfsrv|azureml_inference_server_http/.test(rest)
      ? 'azmlinfsrv'
      : 'other';
  state.contents.starts = starts;
}
