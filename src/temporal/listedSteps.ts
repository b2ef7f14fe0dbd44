import type { EnvironmentRecord, RunRecord } from '../domain/environment.ts';
import { listedOf } from '../domain/listedEnvironment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { EnvironmentReader } from './environmentReader.ts';
import { currentRun, environmentOf, hasRunInProgress } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';

/** Environments whose steps are kept, about 2 KB each. */
const keptEnvironments = 5_000;

type Steps = ListedEnvironment['steps'];

export interface ListedRecord {
  record: EnvironmentRecord;
  runs: RunRecord[];
  /** its workflow was ended from outside */
  lost: boolean;
}

/**
 * Adds its steps to an environment of a list. Steps are in the memo of the run: one describe, which is repeated only
 * while a run is in progress, because the steps of a run that has ended do not change.
 */
export function createListedSteps(reader: Pick<EnvironmentReader, 'withSteps'>, base: LinkOptions) {
  const kept = new Map<string, Steps>();

  return async function withListedSteps({ record, runs, lost }: ListedRecord): Promise<ListedEnvironment> {
    const run = currentRun(record, runs);
    const key = JSON.stringify([record.name, record.state, run?.id, run?.startedAt]);
    const known = kept.get(key);
    if (known) {
      // used last: dropped last
      kept.delete(key);
      kept.set(key, known);
      return { ...listedOf(environmentOf(record, [], base)), steps: known };
    }
    const environment = listedOf(await reader.withSteps({ record, runs }));
    // the run of a lost environment may still be ending
    if (!hasRunInProgress(record) && !lost) kept.set(key, environment.steps);
    if (kept.size > keptEnvironments) kept.delete(kept.keys().next().value!);
    return environment;
  };
}
