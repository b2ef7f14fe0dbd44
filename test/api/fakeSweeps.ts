import { Problem } from '../../src/domain/problem.ts';
import { emptyLists, newSummary } from '../../src/domain/sweep/record.ts';
import type { Sweep, SweepSummary } from '../../src/domain/sweep/record.ts';
import type { Page, Sweeps } from '../../src/temporal/contracts.ts';

const lists = emptyLists();

/** Sweeps in memory, which end immediately, as the test sets. */
export class FakeSweeps implements Sweeps {
  readonly all = new Map<string, Sweep>();

  async list({ limit }: { limit: number }): Promise<Page<SweepSummary>> {
    const items = [...this.all.values()].slice(0, limit).map(({ lists: _lists, ...summary }) => summary);
    return { items, nextCursor: null };
  }

  async get(id: string): Promise<Sweep> {
    const sweep = this.all.get(id);
    if (!sweep) throw new Problem('NotFound', `There is no sweep ${id}.`);
    return sweep;
  }

  add(change: Partial<Sweep>): SweepSummary {
    const id = `sweep-${this.all.size + 1}`;
    const startedAt = '2026-11-23T18:00:00.000Z';
    const sweep: Sweep = {
      ...newSummary(id, startedAt),
      finishedAt: startedAt,
      state: 'completed',
      lists,
      ...change,
    };
    this.all.set(id, sweep);
    const { lists: _lists, ...summary } = sweep;
    return summary;
  }

  async start(dryRun: boolean, requestedBy: string): Promise<SweepSummary> {
    return this.add({ dryRun, requestedBy });
  }

  async approve(id: string, requestedBy: string): Promise<SweepSummary> {
    const { state } = await this.get(id);
    if (state !== 'stopped') throw new Problem('NotStopped', `The sweep ${id} is ${state}.`);
    return this.add({ approvedSweepId: id, requestedBy });
  }
}
