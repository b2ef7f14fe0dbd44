import type { Command } from 'commander';
import { getEnvironment } from '../../client/index.ts';
import type { Environment } from '../../client/index.ts';
import { readTitles } from '../api/readTitles.ts';
import { addCommand, setAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Colors } from '../output/colors.ts';
import { agoText, tableLines } from '../output/text.ts';
import { failureLines, proofLines } from '../progress/outcome.ts';
import { stepTable } from '../progress/stepTable.ts';
import { variantText } from '../spec/variantText.ts';
import type { TableStyle } from '../progress/stepTable.ts';
import { leaseText } from './leaseText.ts';

function factsOf({
  spec,
  owner,
  createdAt,
  lease,
  run,
  costPerHour,
  outputs,
  target,
  actions,
}: Environment): string[][] {
  const facts: [string, string | undefined][] = [
    ['Target', target],
    ['Owner', owner],
    ['Location', spec?.location],
    ['Spec', (spec && variantText(spec)) || undefined],
    ['Created', agoText(createdAt)],
    ['Lease', `${leaseText(lease)}${lease.reason === null ? '' : ` (${lease.reason})`}`],
    [
      'Cost',
      costPerHour === null
        ? undefined
        : `${costPerHour.amount.toFixed(2)} ${costPerHour.currency} an hour, without usage`,
    ],
    ['Run', run === null ? undefined : `${run.id}, since ${agoText(run.startedAt)}`],
    ['Endpoint', outputs.scoringUri],
    ['Accepts', actions.join(', ') || undefined],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[`${name}:`, value]]));
}

function showLines(environment: Environment, style: TableStyle): string[] {
  const { colors } = style;
  const { name, state, failure, proof, links } = environment;
  return [
    `${colors.bold(name)} is ${state}`,
    ...tableLines(factsOf(environment)),
    ...stepTable(environment, Date.now(), style),
    ...(failure === null ? [] : failureLines(failure, colors)),
    ...(proof === null ? [] : proofLines(proof, colors)),
    ...linkLines(links, colors),
  ];
}

const linkLines = ({ temporal, portal }: Environment['links'], colors: Colors): string[] =>
  [temporal, portal].flatMap((link) => (link === null ? [] : [colors.dim(link)]));

/** `moat show`: prints one environment with its progress. */
export function addShow(program: Command): void {
  const command = addCommand(program, 'show <name>', {
    summary: 'Show an environment with its progress',
    details: 'The exit code is 1 where it has failed or its teardown is blocked.',
    examples: [
      ['moat show churn1', 'state, lease, steps, failure, proof'],
      ['moat show churn1 --json | jq -r .outputs.scoringUri', 'one value of it'],
    ],
  });
  setAction(command, async ({ output, connect }, [name]) => {
    const { api } = await connect();
    const { data: environment } = await getEnvironment({ ...api, path: { name: name! } });
    const style = { titles: await readTitles(api), colors: output.colors, columns: output.terminal.columns };
    output.result(environment, showLines(environment, style));
    return environment.state === 'failed' || environment.state === 'blocked' ? exitCodes.failed : exitCodes.done;
  });
}
