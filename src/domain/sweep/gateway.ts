import type { Target } from '../environment.ts';
import type { SweepEntry } from './entry.ts';
import type { EnvironmentView, FoundGroup, PreviousSweeps, SweepPolicy, SweepTiming } from './inputs.ts';

export const sweepModes = ['on', 'dry', 'off'] as const;
export type SweepMode = (typeof sweepModes)[number];

/** The settings of sweeps. */
export interface SweepConfig {
  readonly mode: SweepMode;
  /** ms */
  readonly intervalMs: number;
  /** IANA name: daily sweeps start at midnight in this time zone */
  readonly timeZone: string;
  /** ms between a group's marking and its teardown */
  readonly graceMs: number;
  /** maximum number of teardowns per sweep; null: five, or a fifth of the sealed environments if that is more */
  readonly cap: number | null;
  /** maximum number of teardowns in 24 hours; null: twenty, or half of the sealed environments if that is more */
  readonly dailyCap: number | null;
}

/** The settings of a sweep as they are now; a paused schedule is `off`. */
export interface SweepSettings {
  mode: SweepMode;
  policy: SweepPolicy;
  timing: SweepTiming;
  target: Target;
  /** whether webhook events are sent */
  webhook: boolean;
}

/** The outcome of one entry. `off`: sweeps were switched off before the entry was processed. */
export interface SweepOutcome {
  text: string;
  done: boolean;
  off: boolean;
}

/** A sweep's access to Temporal and to the environments' workflows. A refused request is an outcome, not an error. */
export interface SweepGateway {
  settings(): Promise<SweepSettings>;
  /** of the open workflows of these environments; environments without an open workflow are omitted */
  views(names: readonly string[]): Promise<EnvironmentView[]>;
  /** of the sweeps before this one */
  previousSweeps(ownId: string): Promise<PreviousSweeps>;
  /** starts a workflow for a sealed group that has none */
  recover(group: FoundGroup): Promise<SweepOutcome>;
  /** has its workflow write the tags that were removed or cannot be read */
  repair(entry: SweepEntry): Promise<SweepOutcome>;
  /** `at`: when its grace begins, ISO 8601 */
  mark(entry: SweepEntry, at: string): Promise<SweepOutcome>;
  tearDown(entry: SweepEntry, sweepId: string): Promise<SweepOutcome>;
}
