import { absent, Includes } from './operation.ts';
import type { Expected, Fact, Operation, Outcome, Table } from './operation.ts';

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/** The members that a fact checks, by their paths. */
function members(fact: Fact, path = ''): string[] {
  if (fact instanceof Includes) return members(fact.element, `${path}[]`);
  const leaf = typeof fact !== 'object' || fact === null || fact instanceof RegExp;
  if (leaf) return [fact === absent ? `no ${path}` : path];
  const entries = Object.entries(fact);
  if (entries.length === 0) return [path];
  return entries.flatMap(([name, member]) => members(member, path === '' ? name : `${path}.${name}`));
}

const bodyText = (body: Fact | undefined): string => {
  if (body === undefined) return '';
  if (body === '') return 'none';
  return members(body)
    .filter((path) => path !== '')
    .map(code)
    .join(' ');
};

const outcomeText = (name: string, outcome: Outcome | undefined): string[] =>
  outcome ? [`${name} → ${outcome.status} ${outcome.body === '' ? 'without a body' : bodyText(outcome.body)}`] : [];

function headersText({ headers = {}, asyncOperation, location }: Expected): string {
  return [
    ...Object.keys(headers).map(code),
    ...outcomeText(code('azure-asyncoperation'), asyncOperation),
    ...outcomeText(code('location'), location),
  ].join(', ');
}

const shortened = (path: string): string =>
  path
    .replace(/^.*\/providers\/(?=[^/]+$)/, '…/')
    .replace('{group}/providers/', '…/')
    .replace('{subscription}', '/subscriptions/{id}');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const requestText = ({ method, path }: Operation): string => code(`${method} ${shortened(path)}`);

function typeSection(type: string, operations: readonly Operation[]): string[] {
  const sources = [...new Set(operations.map(({ source }) => source))];
  const versions = [...new Set(operations.map(({ version }) => version))];
  return [
    `### ${type}`,
    '',
    `api-version ${versions.join(', ')}; ${sources.map((source) => `[${source.replace('https://learn.microsoft.com/rest/api/', '')}](${source})`).join(', ')}`,
    '',
    row(['operation', 'request', 'status', 'headers', 'members of the body']),
    row(['---', '---', '---', '---', '---']),
    ...operations.map((one) =>
      row([
        one.name,
        requestText(one),
        String(one.expected.status),
        headersText(one.expected),
        bodyText(one.expected.body),
      ]),
    ),
    '',
  ];
}

function flatSection(operations: readonly Operation[]): string[] {
  return [
    row(['type', 'operation', 'api-version', 'status', 'members of the body', 'source']),
    row(['---', '---', '---', '---', '---', '---']),
    ...operations.map(({ type, name, version, expected, source }) =>
      row([type, name, version, String(expected.status), bodyText(expected.body), `[reference](${source})`]),
    ),
    '',
  ];
}

/** The answered operations of a type, in the order of the table. */
function tableSection(table: Table): string[] {
  const answered = table.operations.filter(({ expected }) => expected.status !== 501);
  const types = Map.groupBy(answered, ({ type }) => type);
  return [
    `## ${table.name}`,
    '',
    `Tests: \`test/parity/tables/${table.name}.ts\``,
    '',
    ...(table.flat ? flatSection(answered) : [...types].flatMap(([type, operations]) => typeSection(type, operations))),
  ];
}

function notEmulatedSection(tables: readonly Table[]): string[] {
  const refused = tables.flatMap(({ operations }) => operations).filter(({ expected }) => expected.status === 501);
  return [
    '## What is not emulated',
    '',
    'Azure has these operations. The emulator answers 501 `NotEmulated`, and so it answers any path that is not on this page.',
    '',
    row(['type', 'operation', 'request', 'source']),
    row(['---', '---', '---', '---']),
    ...refused.map((one) => row([one.type, one.name, requestText(one), `[reference](${one.source})`])),
    '',
  ];
}

/** The whole page. `clients` is the section about clients that nobody here wrote. */
export function parityPage(tables: readonly Table[], clients: readonly string[]): string {
  const rows = tables.flatMap(({ operations }) => operations);
  const refused = rows.filter(({ expected }) => expected.status === 501).length;
  const types = new Set(rows.map(({ type }) => type)).size;
  return [
    '# The emulator, operation by operation',
    '',
    `${rows.length - refused} operations of ${types} types that the emulator answers, and ${refused} that it refuses. Each row is sent to the emulator by one test of`,
    '`test/parity/parity.test.ts`, which checks what the row names: the status, the headers, the end of the long-running operation at the URL in a header (after',
    'the arrow), and the members of the body with their values. Members that are not named are not compared. The page is made of the tables that the tests',
    'execute, so it holds no claim without a test. A link leads to the part of the REST reference that the operation belongs to; a test shows what the emulator does, not',
    'that Azure does the same. One type alone: `npm test -- test/parity -t Microsoft.KeyVault/vaults`. How the emulator differs from Azure beyond',
    'single operations is in [its own page](emulator.md).',
    '',
    ...tables.flatMap(tableSection),
    ...notEmulatedSection(tables),
    ...clients,
  ].join('\n');
}
