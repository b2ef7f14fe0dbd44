import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { listedOf } from '../domain/listedEnvironment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { StepProgress } from '../domain/progress.ts';
import { environmentWorkflowId, environmentWorkflowType, runWorkflowId } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/searchAttributes.ts';
import type { EnvironmentReader, StoredRuns } from './environmentReader.ts';
import { currentRun, environmentOf, stepsOf } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';
import { historyChanges } from './historyChanges.ts';
import { storedRecord } from './lostEnvironment.ts';

/** An environment as it was read last. */
export interface ActiveEnvironment {
  stored: StoredRuns;
  environment: ListedEnvironment;
}

export interface ActiveRequest {
  /** ms since 1970 */
  since: number;
  /** what was read before; undefined: nothing, so all runs in progress are read */
  known: ReadonlyMap<string, ActiveEnvironment> | undefined;
  /** also environments whose workflow was ended from outside since then, in ms since 1970 */
  lostSince?: number;
}

type Executions = Map<string, WorkflowExecutionInfo>;

const shownKinds = ['provision', 'teardown'] as const;
/** Larger pages are tens of MB: an environment's memo has up to 200 KB. */
const pageSize = 100;
const quoted = (time: number): string => `'${new Date(time).toISOString()}'`;

/** The newest execution of each workflow that matches, until `isPast`. */
async function read(
  client: Client,
  query: string,
  isPast?: (execution: WorkflowExecutionInfo) => boolean,
): Promise<Executions> {
  const newest: Executions = new Map();
  for await (const execution of client.workflow.list({ query, pageSize })) {
    if (isPast?.(execution)) break;
    const other = newest.get(execution.workflowId);
    if (!other || execution.startTime > other.startTime) newest.set(execution.workflowId, execution);
  }
  return newest;
}

const changedEnvironments = (client: Client, since: number): Promise<Executions> =>
  read(client, `${searchAttributes.changedAt.name} > ${quoted(since)}`);

const lostEnvironments = (client: Client, since: number): Promise<Executions> =>
  read(
    client,
    `WorkflowType = '${environmentWorkflowType}' AND ExecutionStatus IN ('Failed', 'Canceled', 'Terminated', 'TimedOut') AND CloseTime > ${quoted(since)}`,
  );

/** Runs in progress, and those that ended since. Temporal lists open workflows first, then the last closed ones: the first page usually has all. */
const activeRuns = (client: Client, kind: string, since: number): Promise<Executions> =>
  read(client, `WorkflowType = '${kind}'`, ({ closeTime }) => closeTime !== undefined && closeTime.getTime() < since);

/** `environment-churn1:provision:1` belongs to `churn1`. */
const nameOf = (workflowId: string): string => workflowId.slice(environmentWorkflowId('').length).split(':')[0]!;

const kindsOf = (all: Iterable<StoredRuns>): Set<string> =>
  new Set([...all].flatMap(({ record, runs }) => currentRun(record, runs)?.kind ?? []));

/** How many queries the next read makes, but for what is new then. */
export const queriesFor = (active: ReadonlyMap<string, ActiveEnvironment>): number =>
  1 + kindsOf([...active.values()].map(({ stored }) => stored)).size;

/** Reads environments for the list's stream: what is active, and one of them; and follows a run. */
export function createActiveReader(client: Client, reader: EnvironmentReader, links: LinkOptions) {
  const composed = ({ record, runs }: StoredRuns, steps: StepProgress[]): ActiveEnvironment => ({
    stored: { record, runs },
    environment: listedOf(environmentOf(record, steps, links)),
  });

  async function readExecutions({ since, known, lostSince }: ActiveRequest) {
    const [changed, lost] = await Promise.all([
      changedEnvironments(client, since),
      lostSince === undefined ? new Map() : lostEnvironments(client, lostSince),
    ]);
    const environments: Executions = new Map([...lost, ...changed]);
    const stored = [...environments.values()].flatMap((execution) => storedRecord(execution) ?? []);
    const kinds = known ? kindsOf([...stored, ...[...known.values()].map((one) => one.stored)]) : null;
    const read = shownKinds.filter((kind) => kinds === null || kinds.has(kind));
    const runs = await Promise.all(read.map((kind) => activeRuns(client, kind, since)));
    return { environments, runs: new Map(runs.flatMap((executions) => [...executions])) };
  }

  /**
   * The environments that have changed since a time or have a run in progress, by name: one visibility call, and one for each kind of run that is in
   * progress (a cluster answers ten a second). Describes only what these do not show completely and `known` does not have.
   */
  async function readActive(request: ActiveRequest): Promise<Map<string, ActiveEnvironment>> {
    const { environments, runs } = await readExecutions(request);
    const names = [...new Set([...environments.keys(), ...runs.keys()].map(nameOf))];

    async function compose(name: string): Promise<[string, ActiveEnvironment][]> {
      const before = request.known?.get(name);
      const own = environments.get(environmentWorkflowId(name));
      const stored = (own && storedRecord(own)) ?? before?.stored ?? (await reader.find(name));
      if (!stored) return [];
      const run = currentRun(stored.record, stored.runs);
      const child = run && runs.get(runWorkflowId(name, run.id));
      const same = before && JSON.stringify(before.stored.record) === JSON.stringify(stored.record);
      if (!child && same) return [[name, before]];
      // an earlier environment of the same name had runs with the same ids
      const isCurrent = child && child.startTime.getTime() >= Date.parse(run.startedAt);
      return [[name, composed(stored, isCurrent ? stepsOf(child.memo) : await reader.readSteps(stored))]];
    }

    return new Map((await Promise.all(names.map(compose))).flat());
  }

  /** The present state of one, by two describes: they do not lag behind the workflows as visibility does. */
  async function readOne(name: string): Promise<ActiveEnvironment | undefined> {
    const stored = await reader.find(name);
    return stored && composed(stored, await reader.readSteps(stored));
  }

  /** See `historyChanges`. */
  const followRun = (name: string, run: string, signal: AbortSignal): AsyncIterable<void> =>
    historyChanges(client, runWorkflowId(name, run), signal);

  return { readActive, readOne, followRun };
}

export type ActiveReader = ReturnType<typeof createActiveReader>;
