import type { EnvironmentState } from '../../domain/environment.ts';
import type { EnvironmentFilter } from '../contracts.ts';

/** Without the page: what a cursor is bound to. */
export type EnvironmentConditions = Omit<EnvironmentFilter, 'limit' | 'cursor'>;

const text = (value: string): string => `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;

/** Ended from outside, which Moat's own workflows never are: Moat shows the environment as failed. */
const lost = `ExecutionStatus IN ('Failed', 'Canceled', 'Terminated', 'TimedOut')`;
const notLost = `ExecutionStatus NOT IN ('Failed', 'Canceled', 'Terminated', 'TimedOut', 'ContinuedAsNew')`;
/** Its next execution is listed. */
const notContinued = `ExecutionStatus != 'ContinuedAsNew'`;

/** Longer than any name. */
const last = 'z'.repeat(64);

/**
 * The query of Temporal's visibility for environments that match, `now` in ms since the epoch. Live ones unless `state` is `deleted`.
 *
 * SQLite and PostgreSQL read in the order of a page, and stop after it, where one condition is an equality: its index has that order behind the
 * attribute. With two, the choice may be the worse one. So one attribute, the most selective, is compared with `=`, and the others in ways
 * that use no index. What only few environments are, expired or marked, is a range, and is sorted. (Temporal server 1.29:
 * schema/sqlite/v3/visibility/schema.sql; SQLite has no statistics there.)
 */
export function environmentQuery(conditions: EnvironmentConditions, now: number): string {
  const { owner, q, expired, marked } = conditions;
  const isProtected = conditions.protected;
  const time = text(new Date(now).toISOString());
  const all = [
    ...stateConditions(conditions),
    owner !== undefined && `MoatOwner = ${text(owner)}`,
    q !== undefined && prefixCondition(q),
    expired !== undefined && (expired ? `MoatExpiresAt <= ${time}` : `NOT MoatExpiresAt <= ${time}`),
    marked !== undefined && (marked ? `MoatMarkedAt > '2000-01-01T00:00:00Z'` : 'MoatMarkedAt IS NULL'),
    isProtected !== undefined && `MoatProtected != ${!isProtected}`,
  ];
  return all.filter((condition) => condition !== false).join(' AND ');
}

function stateConditions({ state, owner, expired, marked }: EnvironmentConditions): string[] {
  const isLed = owner !== undefined || expired === true || marked === true;
  const is = (value: string): string => (isLed ? `NOT MoatState != ${text(value)}` : `MoatState = ${text(value)}`);
  const live = isLed ? 'MoatLive != false' : 'MoatLive = true';
  if (state === undefined) return [live, notContinued];
  if (state === 'deleted') return [is(state)];
  if (state !== 'failed') return [is(state), notLost];
  return [live, notContinued, `(NOT MoatState != 'failed' OR ${lost})`];
}

/** The range has an index. It has all names with the prefix, and in some orders of characters more. */
const prefixCondition = (q: string): string =>
  `MoatEnvironment BETWEEN ${text(q)} AND ${text(q + last)} AND MoatEnvironment STARTS_WITH ${text(q)}`;

/** Environments in that state whose workflow was not ended from outside. */
export const openQuery = (state: EnvironmentState): string => `MoatState = ${text(state)} AND ${notLost}`;

/** An owner's environments that are being provisioned and were requested before a time (ISO). Few are, whoever owns them. */
export const provisioningQuery = (owner: string, before: string): string =>
  `${openQuery('provisioning')} AND NOT MoatOwner != ${text(owner)} AND StartTime < ${text(before)}`;

/** Live environments whose workflow was ended from outside, also those that a later workflow has replaced. */
export const lostQuery = `MoatLive = true AND ${lost}`;
