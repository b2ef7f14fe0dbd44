import type { Target } from '../environment.ts';
import type { SweepEntry } from './plan.ts';
import type { FoundGroup, SweepInputs, SweepPolicy, SweepTiming, EnvironmentView } from './inputs.ts';

export type SweepMode = 'on' | 'dry' | 'off';

/** What the settings say of sweeps. */
export interface SweepConfig {
  readonly mode: SweepMode;
  /** ms */
  readonly intervalMs: number;
  /** IANA name: daily sweeps are at its midnight */
  readonly timeZone: string;
  /** ms between a group's marking and its teardown */
  readonly graceMs: number;
  /** most teardowns of one sweep; null: five, or a fifth of the sealed environments if that is more */
  readonly cap: number | null;
}

/** The settings of a sweep as they are now; a paused schedule is `off`. */
export interface SweepSettings {
  mode: SweepMode;
  policy: SweepPolicy;
  timing: SweepTiming;
  target: Target;
  /** whether somebody is told of what a sweep does */
  webhook: boolean;
}

/** What came of one entry. `off`: sweeps were switched off before it was its turn. */
export interface SweepOutcome {
  text: string;
  done: boolean;
  off: boolean;
}

/** What a sweep asks of Temporal and of the environments' workflows. A refusal is an outcome, no error. */
export interface SweepGateway {
  settings(): Promise<SweepSettings>;
  /** what the open workflows of these environments say; who has none is left out */
  views(names: readonly string[]): Promise<EnvironmentView[]>;
  /** of the sweeps before this one */
  previousSweeps(ownId: string): Promise<Pick<SweepInputs, 'last' | 'lastPolicy'>>;
  /** starts a workflow for a sealed group that has none */
  recover(group: FoundGroup): Promise<SweepOutcome>;
  /** `at`: when its grace begins, ISO 8601 */
  mark(entry: SweepEntry, at: string): Promise<SweepOutcome>;
  tearDown(entry: SweepEntry, sweepId: string): Promise<SweepOutcome>;
}
