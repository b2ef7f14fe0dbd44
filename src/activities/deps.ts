import type { Azure } from '../azure/connectAzure.ts';

/** The slots of a worker, each for one attempt. */
export interface ActivitySlots {
  /** Waits; meanwhile another attempt may use the slot. */
  lendDuring(wait: () => Promise<void>): Promise<void>;
}

/** Waits between polls that are so short that a new attempt for each would cost more than to keep the attempt. */
export interface ShortWaits {
  /** longest wait, in milliseconds */
  limitMs: number;
  /** aborted when the worker stops: waiting attempts end then, and another worker continues */
  stopping: AbortSignal;
  slots: ActivitySlots;
}

/** Dependencies of the activities. */
export interface ActivityDeps {
  azure: Azure;
  /** the installation's key: a group without its seal is never changed */
  sealKey: string;
  /** whether a model's repository may have a private address */
  allowPrivateRepositories: boolean;
  /** absent: every poll is an attempt of its own */
  shortWaits?: ShortWaits;
}
