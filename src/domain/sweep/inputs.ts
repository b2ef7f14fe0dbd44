import type { EnvironmentState } from '../environment.ts';
import type { FoundTags, SealState } from '../groupTags.ts';

/** A resource group with the name or the tags of an environment's group, as ARM lists it. */
export interface FoundGroup extends FoundTags {
  subscriptionId: string;
  group: string;
  location: string;
  /** the environment's name: from the tag, where the seal proves it (an adopted group), else from the group's name; null where neither has it */
  name: string | null;
  /** whether it carries this installation's seal for this subscription and this group */
  seal: SealState;
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
  /** maximum number of teardowns in 24 hours; null: twenty, or half of the sealed environments if that is more */
  dailyCap: number | null;
  subscriptionIds: readonly string[];
}

/** When sweeps are expected. */
export interface SweepTiming {
  intervalMs: number;
  /** how late a missed sweep may still be caught up */
  catchUpMs: number;
}

/** What is known of the sweeps before this one. */
export type PreviousSweeps = Pick<SweepInputs, 'last' | 'lastPolicy' | 'lastReal' | 'recentTeardowns'>;

/** The inputs of a sweep's plan. Times are in ms since the epoch. */
export interface SweepInputs {
  now: number;
  /** the time by ARM's clock */
  armNow: number;
  policy: SweepPolicy;
  timing: SweepTiming;
  /** the previous sweep, dry run or not; null: this is the first */
  last: { at: number; timing: SweepTiming } | null;
  /** the settings of the last sweep that executed its plan; null: there was none */
  lastPolicy: SweepPolicy | null;
  /** the previous sweep that was not a dry run, and when sweeps had last resumed after an interruption; null: there was none */
  lastReal: { at: number; timing: SweepTiming; resumedAt: number | null } | null;
  /** number of teardowns that sweeps requested in the last 24 hours */
  recentTeardowns: number;
  found: readonly FoundGroup[];
  /** of open workflows, by environment name */
  views: ReadonlyMap<string, EnvironmentView>;
  /** keys of the entries that a person has approved: the sweep is limited to them, and nothing else stops it */
  approved: readonly string[] | null;
}
