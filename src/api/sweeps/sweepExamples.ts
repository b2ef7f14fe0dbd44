import { sweepScheduleOf } from '../../domain/sweep/schedule.ts';
import type { Sweep, SweepSummary, SweepResult } from '../../domain/sweep/record.ts';
import { emptyLists, newSummary } from '../../domain/sweep/record.ts';

export const id = 'sweep-2026-11-24T03:00:00Z';

export const started = newSummary(id, '2026-11-24T03:00:00.000Z');

export const completed: SweepSummary = {
  ...started,
  requestedBy: null,
  finishedAt: '2026-11-24T03:00:02.000Z',
  state: 'completed',
  ownedCount: 12,
  counts: { ...started.counts, mark: 1 },
};

const marked: SweepResult = {
  name: 'churn1',
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  owner: 'ana@example.com',
  expiresAt: '2026-11-24T02:00:00.000Z',
  reason: 'lease expired at 2026-11-24T02:00:00.000Z',
  outcome: 'marked at 2026-11-24T03:00:00.000Z',
};

export const sweep: Sweep = {
  ...completed,
  lists: { ...emptyLists(), mark: [marked] },
};

const hour = 3_600_000;

export const schedule = sweepScheduleOf(
  { mode: 'on', intervalMs: hour, timeZone: 'UTC', graceMs: 2 * hour, cap: null, dailyCap: null },
  false,
  '2026-11-24T04:00:00.000Z',
);
