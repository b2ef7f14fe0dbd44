import { findingKinds } from './accounting.ts';
import type { Finding, FindingKind } from './accounting.ts';
import { stepEdges, writeSides } from './plan.ts';

/** Everything that a chaos run has to say; written as JSON. */
export interface Report {
  seed: number;
  plan: string;
  runs: number;
  told: number;
  seconds: number;
  /** environments by story and the state in which it ended */
  endings: Record<string, number>;
  missed: number;
  kills: Record<string, number>;
  /** sides of writes and edges of steps at which something was killed */
  killedAt: { writes: number; steps: number };
  faults: Record<string, number>;
  /** operations that created something, and that changed what was there */
  creates: number;
  updates: number;
  /** by ARM's buckets, not by faults; what a killed emulator had counted is added up */
  throttled: { taken: number; refused: number };
  /** writes that another operation kept out, among the last 5,000 */
  busy: number;
  secretsKnown: number;
  temporal: Record<string, number>;
  findings: Finding[];
}

const row = (name: string, value: unknown): string => `  ${name.padEnd(52)} ${String(value)}`;
const pairs = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** The accounting as a table, with the first findings in words. */
export function tableOf(report: Report): string {
  const { findings, kills, killedAt, throttled } = report;
  const count = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  return [
    `chaos: seed ${report.seed}, plan ${report.plan}, ${report.told} of ${report.runs} runs in ${report.seconds.toFixed(0)} s`,
    ...Object.entries(report.endings)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([ending, number]) => row(ending, number)),
    row('acted too late, or in vain', report.missed),
    row('kills', pairs(kills)),
    row(
      'sides of writes, edges of steps with a kill',
      `${killedAt.writes} of ${writeSides.length}, ${killedAt.steps} of ${stepEdges.length}`,
    ),
    row('faults', pairs(report.faults)),
    row('operations', `${report.creates} creates, ${report.updates} changes`),
    row('requests / refused by ARM’s buckets', `${throttled.taken} / ${throttled.refused}`),
    row('writes that met another operation', report.busy),
    row('workflows', pairs(report.temporal)),
    '',
    ...Object.entries(findingKinds).map(([kind, title]) =>
      row(title, kind === 'secret' ? `${count(kind)} (${report.secretsKnown} known)` : count(kind as FindingKind)),
    ),
    ...findings.slice(0, 30).map(({ kind, name, detail }) => `  ! ${kind} ${name}: ${detail.slice(0, 600)}`),
    findings.length === 0 ? 'all is accounted for' : `${findings.length} findings`,
  ].join('\n');
}
