import { EventEmitter, on } from 'node:events';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { EnvironmentRecord, RunRecord } from '../../src/domain/environment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { listedOf } from '../../src/domain/listedEnvironment.ts';
import type { ActiveEnvironment } from '../../src/temporal/activeEnvironments.ts';
import { environmentOf } from '../../src/temporal/environmentView.ts';
import { createListWatch } from '../../src/temporal/watchList.ts';
import { specOf, subscriptionId } from '../workflows/fixtures.ts';
import { until } from '../workflows/workflowHarness.ts';

const links = { temporalUi: null, namespace: 'default', subscriptionId };

function stateOf(name: string, change: Partial<EnvironmentRecord>, runs: RunRecord[] = []): ActiveEnvironment {
  const record = { ...newRecord(specOf(name), 'emulator', 0), ...change };
  return { stored: { record, runs }, environment: listedOf(environmentOf(record, [], links)) };
}

/** What visibility shows, what describes show, and how often visibility has been read. */
let visible: Map<string, ActiveEnvironment>;
let present: Map<string, ActiveEnvironment>;
let reads: number;
/** how many describes fail */
let failures: number;
beforeEach(() => {
  [visible, present, reads, failures] = [new Map(), new Map(), 0, 0];
});

async function watchList() {
  const touched = new EventEmitter();
  const histories = new EventEmitter();
  const reader = {
    readActive: async () => {
      reads += 1;
      return new Map(visible);
    },
    readOne: async (name: string) => {
      if (failures > 0) {
        failures -= 1;
        throw Object.assign(new Error('UNAVAILABLE'), { code: 14, details: '', metadata: {} });
      }
      return present.get(name);
    },
    async *followRun(name: string, _run: string, signal: AbortSignal) {
      for await (const _ of on(histories, name, { signal })) yield;
    },
  };
  const leave = new AbortController();
  const received: string[] = [];
  const events = await createListWatch(reader, touched)(undefined, leave.signal);
  const ended = (async () => {
    for await (const { environment } of events) received.push(`${environment.name} ${environment.state}`);
  })();
  onTestFinished(async () => {
    leave.abort();
    await ended;
    expect([...touched.eventNames(), ...histories.eventNames()]).toEqual([]);
  });
  return {
    received,
    touch: (name: string) => touched.emit('environment', name),
    /** The history of the environment's run has a new event. */
    runChanges: (name: string) => until('the run is followed', async () => histories.emit(name)),
    followed: () => histories.eventNames().filter((name) => name !== 'error').length,
    receives: (event: string) => until(`the event ${event}`, async () => received.includes(event)),
    /** until what visibility shows now has been read */
    visibilityIsRead: async () => {
      const before = reads;
      await until('two reads', async () => reads >= before + 2);
    },
  };
}

it('shows a change of this process that visibility does not have yet, and never goes back to an earlier state', async () => {
  const list = await watchList();
  present.set('mine', stateOf('mine', { state: 'ready' }));
  list.touch('mine');
  await list.receives('mine ready');
  await list.visibilityIsRead();
  visible.set('mine', stateOf('mine', { state: 'provisioning' }));
  await list.visibilityIsRead();
  visible.set('mine', present.get('mine')!);
  await list.visibilityIsRead();
  expect(list.received).toEqual(['mine ready']);
});

it('follows runs in progress, ten at a time, and shows their changes before visibility does', async () => {
  const started = {
    id: 'provision-1',
    kind: 'provision',
    startedAt: '2026-11-23T18:00:00.000Z',
    finishedAt: null,
  } as const;
  const run: RunRecord = { ...started, outcome: 'running', failure: null, receipt: null };
  const names = Array.from({ length: 12 }, (_, n) => `run${n}`);
  const inProgress = (name: string, change?: Partial<EnvironmentRecord>) =>
    stateOf(name, { state: 'provisioning', run: started, ...change }, [run]);
  visible = new Map(names.map((name) => [name, inProgress(name)]));
  const list = await watchList();
  await list.receives('run11 provisioning');
  present.set('run3', inProgress('run3', { state: 'failed' }));
  await list.runChanges('run3');
  await list.receives('run3 failed');
  expect(list.followed()).toBe(10);
  visible = new Map([['run3', present.get('run3')!]]);
  await until('the runs that have ended are not followed', async () => list.followed() === 1);
});

it('does not show a deletion that only visibility has', async () => {
  present.set('again', stateOf('again', { state: 'provisioning' }));
  visible.set('again', stateOf('again', { state: 'deleted' }));
  const list = await watchList();
  await list.receives('again provisioning');
  await list.visibilityIsRead();
  present.set('again', stateOf('again', { state: 'deleted' }));
  list.touch('again');
  await list.receives('again deleted');
  expect(list.received).toEqual(['again provisioning', 'again deleted']);
});

it('shows what other processes change once visibility has it', async () => {
  const list = await watchList();
  await list.visibilityIsRead();
  visible.set('theirs', stateOf('theirs', { state: 'ready' }));
  await list.receives('theirs ready');
});

it('loses no change when a describe fails while Temporal is unavailable', async () => {
  const list = await watchList();
  await list.visibilityIsRead();
  failures = 1;
  present.set('gone', stateOf('gone', { state: 'deleted' }));
  visible = new Map([...present, ['other', stateOf('other', { state: 'ready' })]]);
  await list.receives('other ready');
  await list.receives('gone deleted');
  expect(failures).toBe(0);
});
