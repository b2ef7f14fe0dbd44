import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rulesFile = 'deploy/prometheus/alerts.yml';
const testsFile = 'deploy/prometheus/alerts.test.yml';
const textOf = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

interface Rule {
  alert: string;
  annotations: { summary: string; runbook: string };
}
interface Panel {
  id: number;
  type: string;
  targets?: { expr: string }[];
}
const rules = (parse(textOf(rulesFile)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(textOf('deploy/grafana/moat.json')) as { panels: Panel[] };

/** CI installs promtool; elsewhere its checks are skipped. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const needsPromtool = hasPromtool ? '' : ' (skipped: promtool is not installed)';

const promtool = (...args: string[]): string => execFileSync('promtool', args, { cwd: root, encoding: 'utf8' });

describe.skipIf(!hasPromtool)(`the alert rules${needsPromtool}`, () => {
  it('are valid', () => {
    expect(promtool('check', 'rules', rulesFile)).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('fire for each problem, and for nothing else', () => {
    expect(promtool('test', 'rules', testsFile)).toContain('SUCCESS');
  });

  it('and the queries of the dashboard are valid', () => {
    const record = panels.flatMap(({ id, targets = [] }) =>
      targets.map(({ expr }, index) => `{ record: panel_${id}_${index}, expr: ${JSON.stringify(expr)} }`),
    );
    const directory = mkdtempSync(join(tmpdir(), 'moat-dashboard-'));
    const file = join(directory, 'rules.yml');
    writeFileSync(file, `groups: [{ name: dashboard, rules: [${record.join(', ')}] }]`);
    const checked = promtool('check', 'rules', file);
    rmSync(directory, { recursive: true });
    expect(checked).toContain(`SUCCESS: ${record.length} rules found`);
  });
});

describe('each alert', () => {
  it.each(rules)('$alert has a section with what to do', ({ alert, annotations }) => {
    const heading = `### ${alert}`;
    expect(textOf('docs/observability.md').split('\n')).toContain(heading);
    expect(annotations.runbook).toBe(`docs/observability.md#${alert.toLowerCase()}`);
  });

  it.each(rules)('$alert is tested to fire', ({ alert }) => {
    expect(textOf(testsFile)).toContain(`alertname="${alert}"`);
  });
});

describe('the dashboard', () => {
  it('has a query in each panel', () => {
    expect(panels.filter(({ type, targets }) => type !== 'row' && !targets?.every(({ expr }) => expr))).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
