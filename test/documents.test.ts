import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { steps } from '../src/domain/steps.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const decisions = readdirSync(join(root, 'docs/adr')).map((file) => `docs/adr/${file}`);
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/adopt.md',
  'docs/article.md',
  'docs/bring-your-own.md',
  'docs/command-line.md',
  'docs/emulator.md',
  'docs/emulator-parity.md',
  'docs/field-reports.md',
  'docs/identity.md',
  'docs/lifecycle.md',
  'docs/operate.md',
  'docs/move.md',
  'docs/observability.md',
  'docs/plans.md',
  'docs/preflight.md',
  'docs/proof.md',
  'docs/samples.md',
  'docs/first-run-on-azure.md',
  ...decisions,
];

/** Names of all source files, of which documents name some without their folder. */
const sourceFiles = new Set(
  ['src', 'test', 'bench', 'chaos', 'samples', 'scripts', 'clients', 'deploy'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => basename(path)),
  ),
);

/** Rows of the table below a header, as cells. */
function tableOf(document: string, header: string): string[][] {
  const lines = textOf(document).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The default in a setting's declaration. */
const defaultOf = (text: string): string | undefined =>
  /default: '([^']+)'|(?:port|duration)\('?([^')]+)'?\)/.exec(text)?.slice(1).find(Boolean);

const unquoted = (cell: string): string => cell.replaceAll('`', '');

describe('the documents', () => {
  it.each(documents)('%s names only files that exist', (document) => {
    const text = textOf(document);
    const paths = [...text.matchAll(/`((?:src|test|docs|deploy|scripts|bench|chaos|samples|\.ci)\/[\w./-]*)`/g)].map(
      ([, path]) => path!,
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const names = [...text.matchAll(/`([\w.-]+\.(?:ts|sh))`/g)].map(([, name]) => name!);
    expect(names.filter((name) => !sourceFiles.has(name))).toEqual([]);
  });

  it.each(documents)('%s links only to files that exist', (document) => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(root, dirname(document), path)))).toEqual([]);
  });

  it('README lists the steps as they are defined', () => {
    expect(tableOf('README.md', 'step')).toEqual(
      steps.map(({ id, title, needs }) => [`\`${id}\``, title, needs.map((need) => `\`${need}\``).join(', ')]),
    );
  });

  it('README lists every setting with its default', () => {
    const declared = [...textOf('src/config/settings.ts').matchAll(/^ {2}((?:MOAT|AZURE)_\w+):(.*(?:\n {3,}.*)*)/gm)];
    const rows = new Map(tableOf('README.md', 'setting').map(([name, usual]) => [unquoted(name!), unquoted(usual!)]));
    expect([...rows.keys()].toSorted()).toEqual(declared.map(([, name]) => name!).toSorted());
    for (const [, name, text] of declared) {
      const usual = defaultOf(text!);
      if (usual !== undefined) expect(rows.get(name!), name).toBe(usual);
    }
  });

  it('README names directories that exist', () => {
    const directories = tableOf('README.md', 'directory').map(([cell]) => unquoted(cell!));
    expect(directories.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const inSource = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(directories.filter((path) => path.startsWith('src/')).toSorted()).toEqual(
      inSource.map(({ name }) => `src/${name}/`).toSorted(),
    );
  });

  it('decisions are numbered without gaps or repetitions, in their names and titles', () => {
    const numbers = decisions.toSorted().map((document) => {
      const [, number] = /\/(\d{4})-[a-z-]+\.md$/.exec(document) ?? [];
      const [, title] = /^# (\d+)\. /.exec(textOf(document)) ?? [];
      return [Number(number), Number(title)];
    });
    expect(numbers).toEqual(decisions.map((_, index) => [index + 1, index + 1]));
  });

  it('every report from the field has a test that is named by its id', () => {
    const reports = [...textOf('docs/field-reports.md').matchAll(/^\| ([A-Z]\d\d) /gm)].map(([, id]) => id!);
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => textOf(`test/${path}`));
    expect(reports).toHaveLength(63);
    expect(reports.filter((id) => !tests.some((text) => new RegExp(`['"\`]${id}[ ,]`).test(text)))).toEqual([]);
  });

  it.each(decisions)('%s has the six headings of a decision', (document) => {
    const headings = [...textOf(document).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Status', 'Consequences', 'Experience Report', 'References']);
  });

  it('name only npm scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(textOf('package.json')) as { scripts: object }).scripts);
    for (const document of documents) {
      const used = [...textOf(document).matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script!);
      expect(used.filter((script) => !scripts.includes(script))).toEqual([]);
    }
  });
});
