import type { EnvironmentState } from '../environment.ts';

/** A resource group that bears Moat's tag, as ARM lists it. */
export interface FoundGroup {
  subscriptionId: string;
  group: string;
  location: string;
  /** the environment's name, which the group's name tells; null where it tells none */
  name: string | null;
  /** whether its seal is this installation's, for this subscription and this group */
  sealed: boolean;
  owner: string | null;
  spec: string | null;
  state: string | null;
  /** the lease, as the tags tell it */
  expiresAt: string | null;
  markedAt: string | null;
  /** the tag's value: why it is protected, or `true` */
  protected: string | null;
}

/** What an environment's open workflow says of it. */
export interface EnvironmentView {
  name: string;
  /** null: an environment of a former version, which checks by itself */
  subscriptionId: string | null;
  state: EnvironmentState;
  expiresAt: string;
  markedAt: string | null;
  protected: boolean;
}

/** The settings that decide what is due. */
export interface SweepPolicy {
  /** milliseconds between a group's marking and its teardown */
  graceMs: number;
  /** most teardowns of one sweep; null: five, or a fifth of the sealed environments if that is more */
  cap: number | null;
  subscriptionIds: readonly string[];
}

/** When sweeps are expected. */
export interface SweepTiming {
  intervalMs: number;
  /** how late a missed sweep may still be caught up */
  catchUpMs: number;
}

/** Everything that a sweep decides from. Times are in ms since the epoch. */
export interface SweepInputs {
  now: number;
  /** what ARM says that the time is */
  armNow: number;
  policy: SweepPolicy;
  timing: SweepTiming;
  /** the sweep before this one, dry or not; null: this is the first */
  last: { at: number; timing: SweepTiming } | null;
  /** the settings of the last sweep that was not dry; null: there was none */
  lastPolicy: SweepPolicy | null;
  found: readonly FoundGroup[];
  /** of open workflows, by environment name */
  views: ReadonlyMap<string, EnvironmentView>;
  /** keys of the entries that a person has approved: the sweep is limited to them, and nothing else stops it */
  approved: readonly string[] | null;
}
