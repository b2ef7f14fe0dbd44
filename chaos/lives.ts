import { groupOf, lacking, leftCommands, openInternet, receiptOf, unfinished } from './accounting.ts';
import type { Finding } from './accounting.ts';
import type { TemporalView } from './histories.ts';
import { accountOf } from './operations.ts';
import type { PlannedRun } from './plan.ts';
import { takeDown, tell as tellStory } from './story.ts';
import type { StoryParts, Told } from './story.ts';

/** Every tenth environment stays until the end, so that there is something that is not to be touched. */
const stays = (name: string): boolean => name.endsWith('0');

export interface LivesParts extends StoryParts {
  temporal: TemporalView;
  tell: (line: string) => void;
}

/** The lives of all environments, and the book that is kept of them. */
export function createLives(parts: LivesParts) {
  const { user, emulator, temporal, signal, tell } = parts;
  const findings: Finding[] = [];
  const living = new Set<string>();
  const endings: Record<string, number> = {};
  const counts = { told: 0, missed: 0, refused: 0, unheard: 0, creates: 0, updates: 0, endings };

  function find(finding: Finding): void {
    findings.push(finding);
    tell(`! ${finding.kind} ${finding.name}: ${finding.detail}`);
  }
  const findAll = (kind: Finding['kind'], name: string, details: readonly string[]): void => {
    for (const detail of details) find({ kind, name, detail });
  };

  /** Reads what an environment that is gone has left: its histories and its operations. */
  async function closeBook(name: string): Promise<void> {
    const runs = await user.runs(name);
    const environment = await user.get(name);
    const deleted = environment?.state === 'deleted';
    const { failed, ended } = await temporal.inspect({ name, deleted }, runs);
    findAll('failedTask', name, failed);
    findAll('unexplained', name, ended);
    const account = accountOf({ name, deleted }, await emulator.operations(`${groupOf(name)}/`));
    counts.creates += account.creates;
    counts.updates += account.updates;
    account.findings.forEach(find);
    if (environment) [...receiptOf(environment), ...unfinished(environment, runs)].forEach(find);
    else find({ kind: 'unexplained', name, detail: 'it has runs, and is not there' });
  }

  /** Compares what an environment says of itself at the end of its story with what there is. */
  async function look({ state, environment }: Told, name: string): Promise<void> {
    const resources = await emulator.resources();
    openInternet(name, resources).forEach(find);
    if (state !== 'ready') return;
    if (!environment?.spec) return find({ kind: 'unexplained', name, detail: 'ready, without a spec' });
    lacking(environment.spec, resources).forEach(find);
    leftCommands(name, resources, await emulator.operations(`${groupOf(name)}/`)).forEach(find);
  }

  function count(story: PlannedRun['story'], { state, missed, refused }: Told): void {
    const ending = `${story}: ${state}${missed === 'too late' ? ' (too late)' : ''}`;
    endings[ending] = (endings[ending] ?? 0) + 1;
    counts.told += 1;
    if (missed) counts.missed += 1;
    if (refused) counts.refused += 1;
    if (refused && missed) counts.unheard += 1;
  }

  /** What goes wrong in the telling is a finding, unless chaos is over. */
  async function noted(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      find({ kind: 'unexplained', name, detail: String(error) });
    }
  }

  const leave = (name: string): Promise<void> =>
    noted(name, async () => {
      const wrong = await takeDown(name, parts);
      findAll('notTerminal', name, wrong);
      if (wrong.length === 0) living.delete(name);
      await closeBook(name);
    });

  return {
    findings,
    find,
    counts,
    /** environments that are not deleted */
    living,
    /** Takes down what has stayed. */
    leave,
    live: (run: PlannedRun): Promise<void> =>
      noted(run.name, async () => {
        const { name } = run;
        living.add(name);
        const told = await tellStory(run, parts);
        const { state, missed, wrong, open } = told;
        count(run.story, told);
        findAll(state === 'lost' ? 'notTerminal' : 'unexplained', name, wrong);
        open.forEach(find);
        tell(`${counts.told}: ${name} ${run.story}: ${state}${missed ? ` (${missed})` : ''}`);
        await look(told, name);
        if (state === 'deleted') {
          living.delete(name);
          await closeBook(name);
        } else if (!stays(name)) await leave(name);
      }),
  };
}
