import { isCancellation, log, setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { EnvironmentRecord, EnvironmentState, RunKind, RunRecord } from '../domain/environment.ts';
import type { GroupTags } from '../domain/groupTags.ts';
import { newRecord } from '../domain/environmentRecord.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { activityOptions, armWrite } from './armActivities.ts';
import type { EnvironmentInput } from './messages.ts';
import { recordMemoKey, runsMemoKey, searchAttributes } from './messages.ts';

/** So many ended runs are remembered. */
const rememberedRuns = 20;

/** What an environment's workflow knows of it, shown where it can be read without a worker. A tag is written before the state that it tells is shown. */
export function createStore(input: EnvironmentInput) {
  const record = structuredCopy(
    input.spec === null
      ? input.carried.record
      : (input.carried?.record ?? newRecord(input.spec, input.target, Date.now())),
  );
  const runs: RunRecord[] = [...(input.carried?.runs ?? [])];
  const counts: Record<RunKind, number> = { provision: 0, score: 0, verify: 0, teardown: 0, ...input.carried?.counts };
  const spec = record.spec ?? input.spec;
  const site = spec === null && input.spec === null ? input.site : environmentRefOf(input.subscriptionId, spec!);

  function show(): void {
    upsertMemo({ [recordMemoKey]: record, [runsMemoKey]: runs });
    upsertSearchAttributes([
      { key: searchAttributes.state, value: record.state },
      { key: searchAttributes.expiresAt, value: new Date(record.lease.expiresAt) },
    ]);
    const { state, target, lease, run, failure } = record;
    setCurrentDetails(
      [
        `### ${record.name}: ${state}`,
        `Target **${target}**, owner ${record.owner}, lease until ${lease.expiresAt}.`,
        run ? `At work: **${run.id}** since ${run.startedAt}.` : 'Nothing is at work.',
        ...(failure ? [`**${failure.type}** in ${failure.step ?? 'the run'}: ${failure.message}`, failure.remedy] : []),
      ].join('\n\n'),
    );
  }

  let tagging: Promise<unknown> = Promise.resolve();

  /** One after the other, so that the tag that is written last is the one that counts. */
  async function tag(tags: GroupTags): Promise<void> {
    const before = tagging;
    const written = (async () => {
      await before.catch(() => undefined);
      await armWrite.tagGroup.executeWithOptions(activityOptions('resourceGroup', 'tag', 'group'), [{ site, tags }]);
    })();
    tagging = written;
    await written;
  }

  return {
    record,
    site,
    show,
    tag,
    async enter(state: EnvironmentState, change: Partial<EnvironmentRecord> = {}): Promise<void> {
      if (state !== 'deleted') await tag({ state }).catch(ignoreTagFailure);
      Object.assign(record, change, { state });
      show();
    },
    beginRun(kind: RunKind): RunRecord {
      const run = { id: `${kind}-${++counts[kind]}`, kind, startedAt: new Date().toISOString(), finishedAt: null };
      const entry: RunRecord = { ...run, outcome: 'running', failure: null, receipt: null };
      record.run = run;
      runs.push(entry);
      if (runs.length > rememberedRuns) runs.shift();
      show();
      return entry;
    },
    endRun(entry: RunRecord, end: Pick<RunRecord, 'outcome' | 'failure' | 'receipt'>): void {
      Object.assign(entry, end, { finishedAt: new Date().toISOString() });
      record.run = null;
    },
    carried: () => ({ record, runs, counts }),
  };
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A group that cannot be tagged, because it is foreign or locked, does not end its environment. */
export function ignoreTagFailure(error: unknown): void {
  if (isCancellation(error)) throw error;
  log.warn('the group cannot be tagged', { error });
}

/** An environment's record, and the ways to change it. */
export type EnvironmentStore = ReturnType<typeof createStore>;
