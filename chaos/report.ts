import { findingKinds } from './accounting.ts';
import type { Finding, FindingKind } from './accounting.ts';
import type { ChaosOptions } from './options.ts';
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
  /** environments that Azure refused something for good, and those that became ready all the same */
  refused: number;
  unheard: number;
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

/** From so many runs on, everything in the weather falls at least once. */
const manyRuns = 50;

/** What has not happened in a run of chaos, so that finding nothing does not say much. */
export function idleIn(
  { told, runs, kills, secretsKnown }: Pick<Report, 'told' | 'runs' | 'kills' | 'secretsKnown'>,
  on: Pick<ChaosOptions, 'kills' | 'faults'> & { woundDown: boolean },
  weather: Readonly<Record<string, number>>,
): Finding[] {
  const missing = Object.keys(weather).filter((effect) => weather[effect] === 0);
  const details = [
    ...(on.kills && Object.values(kills).every((times) => times === 0) ? ['no kills'] : []),
    ...(on.faults && told > manyRuns ? missing.map((effect) => `no ${effect}`) : []),
    ...(secretsKnown === 0 ? ['no secrets'] : []),
    ...(told < runs && !on.woundDown ? [`${told} of ${runs} runs`] : []),
  ];
  return details.map((detail) => ({ kind: 'idle', name: '', detail }));
}

/** A kill may come between a refusal and its being told, but not often: more would be refusals that Moat does not heed. */
export function unheardIn({ refused, unheard }: Pick<Report, 'refused' | 'unheard'>): Finding[] {
  if (unheard < 2 || unheard <= 0.05 * refused) return [];
  return [{ kind: 'unexplained', name: '', detail: `refused for good, ${unheard} of ${refused} became ready` }];
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
