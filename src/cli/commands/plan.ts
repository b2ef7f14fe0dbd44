import type { Command } from 'commander';
import { planEnvironment } from '../../client/index.ts';
import type { Plan } from '../../client/index.ts';
import { addCommand, setAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Colors } from '../output/colors.ts';
import { durationText, tableLines } from '../output/text.ts';
import { readSpec, withSpecOptions } from '../spec/specOptions.ts';
import { variantText } from '../spec/variantText.ts';

function findingLines({ findings }: Plan, colors: Colors): string[] {
  return findings.flatMap(({ rule, severity, message, remedy }) => {
    // the message of what is assumed says so itself
    const line = `${message.startsWith(severity) ? '' : `${severity}: `}${message} (${rule})`;
    return [severity === 'blocks' ? colors.red(line) : line, ...(remedy === '' ? [] : [`  Remedy: ${remedy}`])];
  });
}

const valueText = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/** What an adoption changes, and what else is in the group. */
function adoptionLines({ resources, adoption }: Plan): string[] {
  if (!adoption) return [];
  const changes = resources.flatMap(({ title, name, differences = [] }) =>
    differences.map(({ member, actual, desired }) => [
      `${title} ${name}`,
      member,
      actual === null ? 'absent' : valueText(actual),
      desired === null ? 'removed' : valueText(desired),
    ]),
  );
  const others = adoption.others.map(({ teardown, id }) => [teardown, id]);
  return [
    ...tableLines([['CHANGE', 'MEMBER', 'NOW', 'THEN'], ...changes]),
    ...(others.length > 0 ? tableLines([['TEARDOWN', 'OTHER RESOURCE'], ...others]) : []),
    ...(adoption.moreOthers > 0 ? [`${adoption.moreOthers} more resources stay.`] : []),
    `To adopt it: moat up with the same options and --adoption-digest ${adoption.digest}`,
  ];
}

const rangeOf = ({ minSeconds, maxSeconds }: { minSeconds: number; maxSeconds: number }): [string, string] => [
  durationText(minSeconds * 1_000),
  durationText(maxSeconds * 1_000),
];

/** What a new environment costs and takes with each method of isolation. */
function methodLines({ methods, cost: { currency } }: Plan): string[] {
  if (methods.length === 0) return [];
  const rows = methods.map((method) => {
    const [shortest, longest] = rangeOf(method);
    return [method.isolation, method.perHour.toFixed(4), `${shortest} to ${longest}`];
  });
  return tableLines([['METHOD', `${currency}/H`, 'NEW ENVIRONMENT'], ...rows]);
}

function planLines(plan: Plan, variant: string, colors: Colors): string[] {
  const { resources, cost, duration } = plan;
  const rows = resources.map(({ action, title, name, cost: { perHour } }) => [
    action,
    title,
    name,
    perHour === null ? '' : perHour.toFixed(4),
  ]);
  const [shortest, longest] = rangeOf(duration);
  return [
    ...findingLines(plan, colors),
    ...(variant === '' ? [] : [`Spec: ${variant}`]),
    ...tableLines([['ACTION', 'RESOURCE', 'NAME', `${cost.currency}/H`], ...rows]),
    ...adoptionLines(plan),
    `Cost: ${cost.perHour.toFixed(2)} ${cost.currency} an hour, without usage (prices of ${cost.priceList.date}).`,
    `Usual duration: ${shortest} to ${longest}.`,
    ...methodLines(plan),
    plan.ok ? 'Nothing blocks it. Nothing was created.' : colors.red('It would fail. Nothing was created.'),
  ];
}

/** `moat plan`: what `moat up` would do. */
export function addPlan(program: Command): void {
  const command = addCommand(program, 'plan [name]', {
    summary: 'Show what moat up would do, cost and take; creates nothing',
    details: 'The exit code is 1 where a finding blocks it.',
    examples: [
      ['moat plan churn1 --location westus2', 'findings, resources, cost, usual duration'],
      ['moat plan -f churn.yaml --json', 'the same as JSON'],
    ],
  });
  setAction<Record<string, unknown> & { file?: string }>(
    withSpecOptions(command),
    async ({ output, connect }, [name], options) => {
      const body = await readSpec(name, options);
      const { api } = await connect();
      const { data: plan } = await planEnvironment({ ...api, body });
      output.result(plan, planLines(plan, variantText(body), output.colors));
      return plan.ok ? exitCodes.done : exitCodes.failed;
    },
  );
}
