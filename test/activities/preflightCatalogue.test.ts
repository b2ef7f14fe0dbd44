import { expect, test } from 'vitest';
import { article, notReadable } from '../../src/activities/preflight/notReadable.ts';
import { readers } from '../../src/activities/preflight/readers/readers.ts';
import { ruleCatalogue } from '../../src/activities/preflight/ruleCatalogue.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];
const code = (text: string): string => `\`${text}\``;

/** The catalogue as a document. `vitest -u` writes it. */
function preflightDocument(): string {
  return [
    '# The preflight rules',
    '',
    'Step `preflight` of a run reads the facts below from ARM, side by side, and applies every rule to them. Nothing is written. All findings are reported at once. The',
    'sources of this page are `src/activities/preflight/ruleCatalogue.ts`, `readers/readers.ts` and `notReadable.ts` beside it.',
    '',
    '- `blocks`: the run fails before anything is created.',
    '- `warns`: the run continues. The finding is part of its receipt (`findings`), as the two below are.',
    '- `unknown`: Azure refused a read, so the rule was not applied. Every rule that reads a fact may be `unknown`. Throttling and transient failures are retried instead.',
    '- `assumed`: no API of Azure reports it.',
    '',
    '## Rules',
    '',
    ...table(
      ['rule', 'what must hold', 'reads', 'findings', 'source'],
      ruleCatalogue.map(({ id, title, reads, severities, source }) => [
        id,
        title,
        reads.length === 0 ? 'spec and group' : reads.map(code).join(', '),
        severities.map(code).join(', '),
        source,
      ]),
    ),
    '',
    '## Facts',
    '',
    'The group and, where it has the seal, its resources are read first. `clockSkewMs` is from the headers of the answers.',
    '',
    ...table(
      ['fact', 'requests'],
      Object.entries(readers).map(([name, { requests }]) => [code(name), requests]),
    ),
    '',
    '## What is not read before the run',
    '',
    ...table(
      ['rule', 'what must hold', 'why ARM does not show it', 'what Moat does instead'],
      notReadable.map(({ id, title, why, instead }) => [id, title, why, instead]),
    ),
    '',
    '## The prerequisites and limitations of the article',
    '',
    ...table(
      ['the article', 'rules'],
      article.map(([statement, rules]) => [statement, rules.join(', ')]),
    ),
    '',
  ].join('\n');
}

test('docs/preflight.md shows the catalogue', async () => {
  await expect(preflightDocument()).toMatchFileSnapshot('../../docs/preflight.md');
});

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `PF-${String(from + i).padStart(2, '0')}`);
const known = new Set([...ruleCatalogue, ...notReadable].map(({ id }) => id));

test('each published rule is read, or has the reason why not', () => {
  // PF-34, the policies, is the rule POLICY
  const published = [...numbers(1, 33), ...numbers(40, 43), 'POLICY'];
  expect(published.filter((id) => !known.has(id))).toEqual([]);
  const read = new Set(ruleCatalogue.map(({ id }) => id));
  expect(notReadable.filter(({ id }) => read.has(id))).toEqual([]);
});

test('each prerequisite and limitation of the article names rules that exist', () => {
  expect(article.flatMap(([, rules]) => rules).filter((id) => !known.has(id))).toEqual([]);
  expect(article.filter(([, rules]) => rules.length === 0)).toEqual([]);
});
