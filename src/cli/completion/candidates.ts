import type { Argument, Command, Option } from 'commander';
import { listEnvironments, listSweeps } from '../../client/index.ts';
import { createSession } from '../session.ts';

export interface Candidate {
  word: string;
  description: string;
}

const candidate = (word: string, description = ''): Candidate => ({ word, description });

/** A command's options and subcommands that can be seen. */
const help = (command: Command) => command.createHelp();

function optionOf(command: Command, flag: string | undefined): Option | undefined {
  return command.options.find(({ short, long }) => flag !== undefined && (flag === short || flag === long));
}

const takesValue = (option: Option | undefined): option is Option => option !== undefined && option.required;

/** The command that the words name, its arguments so far, and the option that waits for its value. */
function parse(program: Command, words: readonly string[]) {
  let command = program;
  const args: string[] = [];
  let pending: Option | undefined;
  for (const word of words) {
    if (pending) {
      pending = undefined;
      continue;
    }
    const option = optionOf(command, word);
    if (takesValue(option)) pending = option;
    if (word.startsWith('-')) continue;
    const child = args.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (child) command = child;
    else args.push(word);
  }
  return { command, args, pending };
}

const optionCandidates = (command: Command): Candidate[] =>
  help(command)
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [candidate(long, description)] : []));

/** The values of an argument: names of environments or stopped sweeps, which Moat is asked for. */
async function argumentCandidates(argument: Argument, command: Command, profile?: string): Promise<Candidate[]> {
  if (argument.argChoices) return argument.argChoices.map((choice) => candidate(choice));
  const name = argument.name();
  if (name !== 'name' && name !== 'id') return [];
  const { api } = await createSession(profile === undefined ? {} : { profile }).connect();
  if (name === 'name') {
    const { data } = await listEnvironments({ ...api, query: { limit: 100 } });
    return data.items.map((environment) => candidate(environment.name, environment.state));
  }
  const { data } = await listSweeps(api);
  const shown = command.name() === 'approve' ? data.items.filter(({ state }) => state === 'stopped') : data.items;
  return shown.map(({ id, state }) => candidate(id, state));
}

function profileIn(words: readonly string[]): string | undefined {
  const index = words.indexOf('--profile');
  return index === -1 ? undefined : words[index + 1];
}

/** Candidates for the last one of the words after `moat`. Empty: the shell completes file names. */
export async function candidatesFor(program: Command, words: readonly string[]): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const { command, args, pending } = parse(program, words.slice(0, -1));
  const all = await (async () => {
    if (pending) return (pending.argChoices ?? []).map((choice) => candidate(choice));
    if (current.startsWith('-')) return optionCandidates(command);
    const argument = command.registeredArguments[args.length];
    const children = args.length > 0 ? [] : help(command).visibleCommands(command);
    const commands = children.map((one) => candidate(one.name(), one.summary() || one.description()));
    return argument ? [...commands, ...(await argumentCandidates(argument, command, profileIn(words)))] : commands;
  })();
  return all.filter(({ word }) => word.startsWith(current));
}
