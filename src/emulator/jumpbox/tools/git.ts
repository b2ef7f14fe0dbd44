import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import { findRepository } from '../gitRepositories.ts';
import type { Repository } from '../gitRepositories.ts';
import { listAt, objectOf, textAt } from '../../dataPlane/jsonPath.ts';
import type { Machine } from '../machine.ts';
import { parseOptions } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';

/** What `git` remembers of a working tree. */
interface Tree {
  origin: string;
  /** directories of a sparse checkout, one a line; empty: everything */
  sparse: string;
  /** commits that are present, the one fetched last in front */
  commits: string[];
}

const fatal = (message: string): ExecResult => fail(128, `fatal: ${message}`);

/** Why a repository does not answer; undefined when it does. */
function unreadable(machine: Machine, origin: string): ExecResult | undefined {
  const host = new URL(origin).hostname;
  const fault = machine.unreachable(host, 443, 130);
  if (fault) {
    const why =
      fault === 'nxdomain'
        ? `Could not resolve host: ${host}`
        : `Failed to connect to ${host} port 443: Couldn't connect to server`;
    return fatal(`unable to access '${origin}/': ${why}`);
  }
  const repository = findRepository(machine.cloud, origin);
  if (!repository) return fail(128, `remote: Repository not found.\nfatal: repository '${origin}/' not found`);
  if (repository.private) return fatal(`could not read Username for 'https://${host}': terminal prompts disabled`);
  return undefined;
}

/** `fetch origin COMMIT`, or `fetch --tags origin +refs/heads/*:refs/remotes/origin/*`. */
function fetch(machine: Machine, tree: Tree, args: string[]): ExecResult | Tree {
  const { operands } = parseOptions(args, {
    values: ['--depth', '--filter'],
    flags: ['-q|--quiet', '-t|--tags'],
  });
  const [remote, revision = ''] = operands;
  if (remote !== 'origin' || tree.origin === '') return fatal(`'${remote}' does not appear to be a git repository`);
  const failure = unreadable(machine, tree.origin);
  if (failure) return failure;
  const repository = findRepository(machine.cloud, tree.origin) as Repository;
  const tips = Object.values(repository.refs);
  machine.pass(8);
  if (revision.startsWith('+refs/heads/')) {
    machine.pass(60);
    return { ...tree, commits: [...tips, ...Object.keys(repository.commits)] };
  }
  if (repository.noArbitraryCommit && !tips.includes(revision))
    return fail(1, `error: Server does not allow request for unadvertised object ${revision}`);
  if (!repository.commits[revision]) return fatal(`remote error: upload-pack: not our ref ${revision}`);
  return { ...tree, commits: [revision, ...tree.commits] };
}

async function checkOut(machine: Machine, home: string, tree: Tree, args: string[]): Promise<ExecResult> {
  const { operands } = parseOptions(args, { flags: ['-q|--quiet', '--detach'] });
  const commit = operands[0] === 'FETCH_HEAD' ? tree.commits[0] : operands[0];
  const repository = findRepository(machine.cloud, tree.origin);
  const stored = commit === undefined || !tree.commits.includes(commit) ? undefined : repository?.commits[commit];
  if (!stored) return fail(1, `error: pathspec '${operands[0]}' did not match any file(s) known to git`);
  // the cone of a sparse checkout holds the files at the top, too
  const files = Object.entries(stored).filter(
    ([path]) =>
      tree.sparse === '' ||
      !path.includes('/') ||
      tree.sparse.split('\n').some((directory) => path.startsWith(`${directory}/`)),
  );
  for (const [path, content] of files) {
    const file = `${home}/${path}`;
    await machine.fs.mkdir(file.slice(0, file.lastIndexOf('/')), { recursive: true });
    await machine.fs.writeFile(file, content);
  }
  return succeed();
}

/** `git` with `-C DIRECTORY`: init, remote add, sparse-checkout set, fetch, cat-file -e, checkout. */
export async function git(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const [option, directory = '', verb = '', ...rest] = args;
  if (option === '--version') return succeed('git version 2.43.0\n');
  if (option !== '-C') return fail(129, `unknown option: ${option}`);
  const home = machine.fs.resolvePath(context.cwd, directory);
  const file = `${home}/.git/emulated.json`;
  if (!(await machine.fs.exists(home))) return fatal(`cannot change to '${directory}': No such file or directory`);
  if (verb === 'init') {
    parseOptions(rest, { flags: ['-q|--quiet'] });
    await machine.writeJson(file, { origin: '', sparse: '', commits: [] });
    return succeed();
  }
  const kept = objectOf(await machine.readJson(file));
  if (!kept) return fatal('not a git repository (or any of the parent directories): .git');
  const tree: Tree = {
    origin: textAt(kept, 'origin'),
    sparse: textAt(kept, 'sparse'),
    commits: listAt(kept, 'commits').map((one) => textAt(one)),
  };
  const keep = async (changed: Tree): Promise<ExecResult> => {
    await machine.writeJson(file, { ...changed });
    return succeed();
  };
  if (verb === 'remote' && rest[0] === 'add' && rest[1] === 'origin') return keep({ ...tree, origin: rest[2] ?? '' });
  if (verb === 'sparse-checkout' && rest[0] === 'set' && rest[1] === '--cone') {
    // git takes `.` for the files at the top alone
    return keep({ ...tree, sparse: rest.slice(2).join('\n') });
  }
  if (verb === 'cat-file' && rest[0] === '-e') {
    const name = rest[1] ?? '';
    return tree.commits.includes(name.replace('^{commit}', '')) ? succeed() : fatal(`Not a valid object name ${name}`);
  }
  if (verb === 'checkout') return checkOut(machine, home, tree, rest);
  if (verb !== 'fetch') return fail(1, `git: '${verb}' is not emulated`);
  const outcome = fetch(machine, tree, rest);
  return 'exitCode' in outcome ? outcome : keep(outcome);
}
