import type { Command } from 'commander';
import { Option } from 'commander';
import { listEnvironments } from '../../client/index.ts';
import type { ListEnvironmentsData, ListEnvironmentsResponse, ListedEnvironment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction } from '../command.ts';
import type { Colors } from '../output/colors.ts';
import { tableLines } from '../output/text.ts';
import { parameterOf } from '../spec/openapi.ts';
import type { Schema } from '../spec/openapi.ts';
import { schemaOption } from '../spec/schemaOption.ts';
import { leaseText } from './leaseText.ts';

type Query = NonNullable<ListEnvironmentsData['query']>;
type Options = Query & { prefix?: string; limit: number; quiet?: boolean };

const filter = (name: string): Schema => parameterOf('/environments', name);

/** A page of the API has at most so many items. */
const pageSize = 100;

/** Reads pages until there are `limit` items or no more. */
async function readItems(api: Api, query: Query, limit: number): Promise<ListEnvironmentsResponse> {
  const items: ListedEnvironment[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Query = {
      ...query,
      limit: Math.min(pageSize, limit - items.length),
      ...(cursor !== null && { cursor }),
    };
    const { nextCursor, items: more }: ListEnvironmentsResponse = (await listEnvironments({ ...api, query: page }))
      .data;
    items.push(...more);
    if (nextCursor === null || items.length >= limit) return { items, nextCursor };
    cursor = nextCursor;
  }
}

/** The state, with the steps in progress. */
function stateText({ state, steps }: ListedEnvironment): string {
  const active = steps.filter((step) => step.state === 'running' || step.state === 'retrying').map(({ id }) => id);
  return active.length === 0 ? state : `${state}: ${active.join(', ')}`;
}

function rowOf(environment: ListedEnvironment): string[] {
  const { name, owner, spec, lease, costPerHour } = environment;
  const cost = costPerHour === null ? '-' : `${costPerHour.amount.toFixed(2)} ${costPerHour.currency}/h`;
  return [name, stateText(environment), owner, spec?.location ?? '-', leaseText(lease), cost];
}

/** A line for each environment; below a failed one, why it failed and what helps. */
function listLines(items: readonly ListedEnvironment[], colors: Colors): string[] {
  const [header = '', ...rows] = tableLines([
    ['NAME', 'STATE', 'OWNER', 'LOCATION', 'LEASE', 'COST'],
    ...items.map(rowOf),
  ]);
  const lines = rows.flatMap((row, index) => {
    const { failure } = items[index]!;
    if (failure === null) return [row];
    return [
      row,
      colors.red(`  ${failure.code}: ${failure.message}`),
      ...(failure.remedy ? [`  Remedy: ${failure.remedy}`] : []),
    ];
  });
  return [colors.dim(header), ...lines];
}

/** `moat ls`: lists environments. */
export function addLs(program: Command): void {
  const command = addCommand(program, 'ls', {
    summary: 'List environments, newest first',
    examples: [
      ['moat ls', 'all but the deleted ones'],
      ['moat ls --state failed --owner ana@example.com', 'with their reasons and remedies'],
      ['moat ls --expired -q', 'names only'],
    ],
  })
    .addOption(schemaOption('state', filter('state'), 'state'))
    .addOption(schemaOption('owner', filter('owner'), 'name'))
    .addOption(schemaOption('prefix', filter('q')));
  for (const name of ['expired', 'marked', 'protected'])
    command.addOption(schemaOption(name, filter(name))).addOption(new Option(`--no-${name}`, 'the opposite'));
  command
    .addOption(
      schemaOption('limit', {
        type: 'integer',
        description: 'print at most so many',
        minimum: 1,
        maximum: 10_000,
      }).default(100),
    )
    .option('-q, --quiet', 'print names only');
  setAction<Options>(command, async ({ output, connect }, _, options) => {
    const { state, owner, prefix, expired, marked, protected: isProtected, limit, quiet } = options;
    const query = { state, owner, q: prefix, expired, marked, protected: isProtected };
    const { api } = await connect();
    const list = await readItems(api, JSON.parse(JSON.stringify(query)) as Query, limit);
    if (quiet)
      return output.result(
        list,
        list.items.map(({ name }) => name),
      );
    output.result(list, list.items.length === 0 ? [] : listLines(list.items, output.colors));
    if (list.items.length === 0) output.note('No environments. Provision one with: moat up NAME --location westus2');
    if (list.nextCursor !== null) output.note(`There are more; --limit is ${limit}.`);
  });
}
