import { defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import type { EnvironmentRecord } from '../domain/environment.ts';

export const searchAttributes = {
  environment: defineSearchAttributeKey('MoatEnvironment', 'KEYWORD'),
  owner: defineSearchAttributeKey('MoatOwner', 'KEYWORD'),
  state: defineSearchAttributeKey('MoatState', 'KEYWORD'),
  expiresAt: defineSearchAttributeKey('MoatExpiresAt', 'DATETIME'),
  markedAt: defineSearchAttributeKey('MoatMarkedAt', 'DATETIME'),
  protected: defineSearchAttributeKey('MoatProtected', 'BOOL'),
  /** not deleted: one condition, so that lists of few among many deleted ones use its index */
  live: defineSearchAttributeKey('MoatLive', 'BOOL'),
  /** when the memo's record or runs last changed */
  changedAt: defineSearchAttributeKey('MoatChangedAt', 'DATETIME'),
} as const;

/** The search attributes of an environment's workflow; null: without a value. What is deleted has no lease: it never counts as expired. */
export function environmentAttributes(
  { name, owner, state, lease }: EnvironmentRecord,
  changedAt: Date,
): SearchAttributeUpdatePair[] {
  const live = state !== 'deleted';
  return [
    { key: searchAttributes.environment, value: name },
    { key: searchAttributes.owner, value: owner },
    { key: searchAttributes.state, value: state },
    { key: searchAttributes.live, value: live },
    { key: searchAttributes.expiresAt, value: live ? new Date(lease.expiresAt) : null },
    { key: searchAttributes.markedAt, value: live && lease.markedAt !== null ? new Date(lease.markedAt) : null },
    { key: searchAttributes.protected, value: lease.protected },
    { key: searchAttributes.changedAt, value: changedAt },
  ];
}
