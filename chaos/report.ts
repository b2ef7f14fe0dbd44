import { writeFile } from 'node:fs/promises';
import { findingKinds } from './invariants.ts';
import type { Finding, FindingKind } from './invariants.ts';
import type { ChaosOptions } from './options.ts';
import { stepEdges, writeSides } from './plan.ts';

/** Result of a chaos run; written as JSON by `--json`. */
export interface Report {
  seed: number;
  /** hash of the plan */
  plan: string;
  runs: number;
  completed: number;
  seconds: number;
  /** environments by scenario and final state */
  outcomes: Record<string, number>;
  /** scenarios whose action came after the run had ended, or had no effect */
  missed: number;
  /** environments with a permanent refusal, and those of them that became ready all the same */
  refused: number;
  ignoredRefusals: number;
  /** kills by process */
  kills: Record<string, number>;
  /** sides of writes and edges of steps at which a process was killed */
  killPoints: { writes: number; steps: number };
  /** injected faults by effect */
  faults: Record<string, number>;
  /** operations that created a resource, and that updated one */
  creates: number;
  updates: number;
  /** requests seen and refused by ARM's token buckets, summed over restarts of the emulator */
  throttled: { taken: number; refused: number };
  /** writes answered 409 or 429, among the last 5,000 */
  conflicts: number;
  secretsKnown: number;
  /** workflows by type and status */
  temporal: Record<string, number>;
  findings: Finding[];
}

/** With more runs than this, every background fault is expected to occur. */
const minRunsForEveryFault = 50;

/** What did not happen during the run, so that an empty list of findings would prove little. */
export function inactivityFindings(
  { completed, runs, kills, secretsKnown }: Pick<Report, 'completed' | 'runs' | 'kills' | 'secretsKnown'>,
  enabled: Pick<ChaosOptions, 'kills' | 'faults'> & { stoppedEarly: boolean },
  faultHits: Readonly<Record<string, number>>,
): Finding[] {
  const missing = Object.keys(faultHits).filter((effect) => faultHits[effect] === 0);
  const details = [
    ...(enabled.kills && Object.values(kills).every((times) => times === 0) ? ['no kills'] : []),
    ...(enabled.faults && completed > minRunsForEveryFault ? missing.map((effect) => `no ${effect}`) : []),
    ...(secretsKnown === 0 ? ['no secrets'] : []),
    ...(completed < runs && !enabled.stoppedEarly ? [`${completed} of ${runs} runs`] : []),
  ];
  return details.map((detail) => ({ kind: 'inactive', name: '', detail }));
}

/** Permanent refusals without a failed run. A kill between a refusal and its report explains a few of them, not more. */
export function ignoredRefusalFindings({
  refused,
  ignoredRefusals,
}: Pick<Report, 'refused' | 'ignoredRefusals'>): Finding[] {
  if (ignoredRefusals < 2 || ignoredRefusals <= 0.05 * refused) return [];
  const detail = `permanently refused, but ready: ${ignoredRefusals} of ${refused}`;
  return [{ kind: 'unexplained', name: '', detail }];
}

const row = (label: string, value: unknown): string => `  ${label.padEnd(52)} ${String(value)}`;
const pairs = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** The report as a table, with the first 30 findings. */
function renderTable(report: Report): string {
  const { findings, killPoints, throttled } = report;
  const count = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  return [
    `chaos: seed ${report.seed}, plan ${report.plan}, ${report.completed} of ${report.runs} runs in ${report.seconds.toFixed(0)} s`,
    ...Object.entries(report.outcomes)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([outcome, number]) => row(outcome, number)),
    row('actions too late or without effect', report.missed),
    row('kills', pairs(report.kills)),
    row(
      'kills at sides of writes, edges of steps',
      `${killPoints.writes} of ${writeSides.length}, ${killPoints.steps} of ${stepEdges.length}`,
    ),
    row('faults', pairs(report.faults)),
    row('operations', `${report.creates} creates, ${report.updates} updates`),
    row('requests / refused by ARM’s token buckets', `${throttled.taken} / ${throttled.refused}`),
    row('writes answered 409 or 429', report.conflicts),
    row('workflows', pairs(report.temporal)),
    '',
    ...Object.entries(findingKinds).map(([kind, title]) =>
      row(title, kind === 'secret' ? `${count(kind)} (${report.secretsKnown} known)` : count(kind as FindingKind)),
    ),
    ...findings.slice(0, 30).map(({ kind, name, detail }) => `  ! ${kind} ${name}: ${detail.slice(0, 600)}`),
    findings.length === 0 ? 'no findings' : `${findings.length} findings`,
  ].join('\n');
}

/** Prints the table, writes the report as JSON where `jsonFile` is given, and returns the exit code: 0 without findings, else 1. */
export async function publishReport(
  report: Report,
  jsonFile: string | undefined,
  print: (text: string) => void,
): Promise<0 | 1> {
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  print(renderTable(report));
  return report.findings.length === 0 ? 0 : 1;
}
