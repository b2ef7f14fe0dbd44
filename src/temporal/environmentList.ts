import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { environmentStates } from '../domain/environment.ts';
import type { EnvironmentSummary } from '../domain/environment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { ExpiredLeases } from '../domain/lease.ts';
import { recordMemoKey, runsMemoKey } from '../workflows/messages.ts';
import type { EnvironmentFilter, Page } from './contracts.ts';
import type { EnvironmentReader } from './environmentReader.ts';
import { storedRecord } from './lostEnvironment.ts';
import { createListedSteps } from './listedSteps.ts';
import type { ListedRecord } from './listedSteps.ts';
import type { LinkOptions } from './environmentView.ts';
import { environmentQuery, lostQuery, openQuery } from './visibility/environmentQuery.ts';
import type { EnvironmentConditions } from './visibility/environmentQuery.ts';
import { listPage } from './visibility/page.ts';
import type { ListedExecution } from './visibility/page.ts';
import { createSharedAnswers } from './visibility/sharedAnswers.ts';

/** With the delay of visibility, usually below 0.1 s, a list shows a change within a second. */
const listKeptMs = 750;
/** A summary takes eight visibility calls. */
const summaryKeptMs = 2_000;
/** Of the counts of expired leases, which Prometheus reads every few seconds. */
const expiredKeptMs = 10_000;
/** A sweep comes every hour, and the grace is two, unless settings say otherwise. */
const countedHours = [0, 1, 6, 24];
const memoKeys = [recordMemoKey, runsMemoKey];
/** How many lost environments a summary describes, to leave out those that a later workflow has replaced. */
const countedLost = 200;

type States = EnvironmentSummary['states'];
const liveStates = environmentStates.filter((state) => state !== 'deleted');

/**
 * Lists of environments, from Temporal's visibility, a page by one query. It follows the workflows with a short delay: nothing is decided
 * from it. Which execution of a name is the last one, and the steps, are described, at most once an item.
 */
export function createEnvironmentList(client: Client, reader: Pick<EnvironmentReader, 'withSteps'>, base: LinkOptions) {
  const sharedPages = createSharedAnswers<Page<ListedEnvironment>>(listKeptMs);
  const sharedSummary = createSharedAnswers<EnvironmentSummary>(summaryKeptMs);
  const sharedExpired = createSharedAnswers<ExpiredLeases[]>(expiredKeptMs);
  const withListedSteps = createListedSteps(reader, base);

  /** Whether a closed one is its name's last: the name may have been requested again, or Temporal keeps it no longer. */
  async function isLast({ workflowId, runId }: ListedExecution): Promise<boolean> {
    try {
      return (await client.workflow.getHandle(workflowId).describe()).runId === runId;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** Undefined for an execution that another one has replaced. */
  async function current(execution: ListedExecution): Promise<ListedRecord | undefined> {
    const stored = storedRecord(execution);
    return stored && (execution.closeTime === null || (await isLast(execution))) ? stored : undefined;
  }

  async function readPage({ limit, cursor, ...conditions }: EnvironmentFilter): Promise<Page<ListedEnvironment>> {
    const query = environmentQuery(conditions, Date.now());
    const binding = bindingOf(conditions);
    const { items, nextCursor } = await listPage(client, { query, binding, limit, cursor, memoKeys });
    const listed = await Promise.all(lastStarted(items).map(current));
    return { items: await Promise.all(listed.filter((one) => one !== undefined).map(withListedSteps)), nextCursor };
  }

  async function countLost(): Promise<number> {
    const page = { query: lostQuery, binding: lostQuery, limit: countedLost, cursor: undefined, memoKeys };
    const { items } = await listPage(client, page);
    return (await Promise.all(items.map(current))).filter((one) => one !== undefined).length;
  }

  async function readSummary(): Promise<EnvironmentSummary> {
    const count = async (state: (typeof liveStates)[number]): Promise<number> =>
      (await client.workflow.count(openQuery(state))).count;
    const [lost, ...counts] = await Promise.all([countLost(), ...liveStates.map(count)]);
    const states = Object.fromEntries(liveStates.map((state, index) => [state, counts[index]])) as States;
    const total = counts.reduce((sum, one) => sum + one, lost);
    // as each of them is shown
    return { total, states: { ...states, failed: states.failed + lost } };
  }

  const countExpired = async (hours: number): Promise<ExpiredLeases> => {
    const query = environmentQuery({ expired: true, protected: false }, Date.now() - hours * 3_600_000);
    return { hours, count: (await client.workflow.count(query)).count };
  };

  return {
    expiredLeases: (): Promise<ExpiredLeases[]> => sharedExpired('', () => Promise.all(countedHours.map(countExpired))),
    list: (filter: EnvironmentFilter): Promise<Page<ListedEnvironment>> =>
      sharedPages(JSON.stringify([bindingOf(filter), filter.limit, filter.cursor]), () => readPage(filter)),
    summary: (): Promise<EnvironmentSummary> => sharedSummary('', readSummary),
  };
}

/** Equal conditions in one order. */
const bindingOf = ({ state, owner, q, expired, marked, protected: isProtected }: EnvironmentConditions): string =>
  JSON.stringify([state, owner, q, expired, marked, isProtected].map((value) => value ?? null));

/** While a workflow continues as new, two executions of it can be open in the list. The last started one is first. */
const lastStarted = (executions: readonly ListedExecution[]): ListedExecution[] =>
  [...new Map(executions.toReversed().map((execution) => [execution.workflowId, execution])).values()].toReversed();
