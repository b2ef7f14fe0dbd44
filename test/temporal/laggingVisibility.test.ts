import { EventEmitter } from 'node:events';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { EnvironmentRecord } from '../../src/domain/environment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { listedOf } from '../../src/domain/listedEnvironment.ts';
import type { ActiveEnvironment } from '../../src/temporal/activeEnvironments.ts';
import { environmentOf } from '../../src/temporal/environmentView.ts';
import { createListWatch } from '../../src/temporal/watchList.ts';
import { specOf, subscriptionId } from '../workflows/fixtures.ts';
import { until } from '../workflows/workflowHarness.ts';

const links = { temporalUi: null, namespace: 'default', subscriptionId };

function stateOf(name: string, change: Partial<EnvironmentRecord>): ActiveEnvironment {
  const record = { ...newRecord(specOf(name), 'emulator', 0), ...change };
  return { stored: { record, runs: [] }, environment: listedOf(environmentOf(record, [], links)) };
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
    expect(touched.listenerCount('environment')).toBe(0);
  });
  return {
    received,
    touch: (name: string) => touched.emit('environment', name),
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
