import { accountOf, openInternet, receiptOf } from './accounting.ts';
import type { Finding } from './accounting.ts';
import type { TemporalView } from './histories.ts';
import type { PlannedRun } from './plan.ts';
import { takeDown, tell as tellStory } from './story.ts';
import type { StoryParts } from './story.ts';

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
  const counts = { told: 0, missed: 0, creates: 0, updates: 0, endings: {} as Record<string, number> };

  function find(finding: Finding): void {
    findings.push(finding);
    tell(`! ${finding.kind} ${finding.name}: ${finding.detail}`);
  }
  const findAll = (kind: Finding['kind'], name: string, details: readonly string[]): void => {
    for (const detail of details) find({ kind, name, detail });
  };

  /** Reads what an environment that is gone has left: its histories and its operations. */
  async function closeBook(name: string): Promise<void> {
    const { body } = await user.call('GET', `/environments/${name}/runs`);
    const { items } = body as { items: { id: string }[] };
    const ids = items.map(({ id }) => id);
    findAll('failedTask', name, await temporal.inspect(name, ids));
    const account = await accountOf(name, emulator);
    counts.creates += account.creates;
    counts.updates += account.updates;
    const environment = await user.get(name);
    for (const finding of [...account.findings, ...(environment ? receiptOf(environment) : [])]) find(finding);
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
        const { state, missed, wrong } = await tellStory(run, parts);
        const ending = `${run.story}: ${state}`;
        counts.endings[ending] = (counts.endings[ending] ?? 0) + 1;
        counts.told += 1;
        if (missed) counts.missed += 1;
        findAll(state === 'lost' ? 'notTerminal' : 'unexplained', name, wrong);
        tell(`${counts.told}: ${name} ${ending}${missed ? ' (in vain)' : ''}`);
        for (const finding of openInternet(name, await emulator.resources())) find(finding);
        if (state === 'deleted') {
          living.delete(name);
          await closeBook(name);
        } else if (!stays(name)) await leave(name);
      }),
  };
}
