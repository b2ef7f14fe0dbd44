import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCompletion } from './commands/completion.ts';
import { addExtend, addProtect } from './commands/lease.ts';
import { addLogin } from './commands/login.ts';
import { addLogs } from './commands/logs.ts';
import { addLs } from './commands/ls.ts';
import { addMove } from './commands/move.ts';
import { addOpen } from './commands/open.ts';
import { addPlan } from './commands/plan.ts';
import { addProof } from './commands/proof.ts';
import { addRuns } from './commands/runs.ts';
import { addScore } from './commands/score.ts';
import { addShow } from './commands/show.ts';
import { addSweep } from './commands/sweep.ts';
import { addCancel, addRm } from './commands/teardown.ts';
import { addUp } from './commands/up.ts';
import { addVerify } from './commands/verify.ts';
import { addWatch } from './commands/watch.ts';

const footer = `
Address and key: moat login, or MOAT_URL and MOAT_API_KEY. Without them: http://127.0.0.1:3000.
Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 unreachable, 130 detached by Ctrl-C.`;

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const groups: readonly [heading: string, ...add: ((program: Command) => void)[]][] = [
  ['Environments:', addUp, addLs, addShow, addWatch, addExtend, addProtect, addCancel, addMove, addRm],
  ['Endpoint and evidence:', addPlan, addScore, addVerify, addProof, addLogs, addRuns],
  ['Installation:', addSweep, addOpen, addLogin, addCompletion],
];

/** The command line. Errors of usage are thrown as CommanderError. */
export function createProgram(): Command {
  const program = new Command('moat')
    .description('Provisions network-isolated Azure ML endpoints, proves their isolation, and tears them down on time.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', footer)
    .exitOverride()
    // so that an option after a subcommand is the subcommand's
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: false });
  for (const [heading, ...commands] of groups) {
    program.commandsGroup(heading);
    for (const add of commands) add(program);
  }
  return program.helpCommand('help [command]', 'Print the help of a command');
}
