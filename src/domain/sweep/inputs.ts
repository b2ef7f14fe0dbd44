import type { EnvironmentState } from '../environment.ts';

/** A resource group that bears Moat's tag, as ARM lists it. */
export interface FoundGroup {
  subscriptionId: string;
  group: string;
  location: string;
  /** the environment's name, from the group's name; null where that is not the name of an environment's group */
  name: string | null;
  /** whether its seal is this installation's, for this subscription and this group */
  sealed: boolean;
  owner: string | null;
  spec: string | null;
  state: string | null;
  /** the lease, as in the tags */
  expiresAt: string | null;
  markedAt: string | null;
  /** the tag's value: why it is protected, or `true` */
  protected: string | null;
}

/** An environment as its open workflow reports it. */
export interface EnvironmentView {
  name: string;
  subscriptionId: string;
  state: EnvironmentState;
  expiresAt: string;
  markedAt: string | null;
  protected: boolean;
}

/** The settings that determine which environments are due. */
export interface SweepPolicy {
  /** milliseconds between a group's marking and its teardown */
  graceMs: number;
  /** maximum number of teardowns per sweep; null: five, or a fifth of the sealed environments if that is more */
  cap: number | null;
  subscriptionIds: readonly string[];
}

/** When sweeps are expected. */
export interface SweepTiming {
  intervalMs: number;
  /** how late a missed sweep may still be caught up */
  catchUpMs: number;
}

/** The inputs of a sweep's plan. Times are in ms since the epoch. */
export interface SweepInputs {
  now: number;
  /** the time by ARM's clock */
  armNow: number;
  policy: SweepPolicy;
  timing: SweepTiming;
  /** the previous sweep, dry run or not; null: this is the first */
  last: { at: number; timing: SweepTiming } | null;
  /** the settings of the last sweep that was not a dry run; null: there was none */
  lastPolicy: SweepPolicy | null;
  found: readonly FoundGroup[];
  /** of open workflows, by environment name */
  views: ReadonlyMap<string, EnvironmentView>;
  /** keys of the entries that a person has approved: the sweep is limited to them, and nothing else stops it */
  approved: readonly string[] | null;
}
