import type { SlotPermit, SlotReserveContext } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createActivitySlots } from '../../src/main/activitySlots.ts';

const context = {} as SlotReserveContext;

/** The slots of a worker, with a list of the attempts that have got one. */
function slotsOf(limit: number, attempts = 10) {
  const slots = createActivitySlots({ limit, attempts });
  const got: string[] = [];
  return {
    slots,
    got,
    reserve(name: string, signal = new AbortController().signal): Promise<SlotPermit> {
      const reserved = slots.reserveSlot(context, signal);
      reserved.then(
        () => got.push(name),
        () => undefined,
      );
      return reserved;
    },
    release: () => slots.releaseSlot({ permit: {} }),
    /** Lends a slot until `end` is called. */
    lend() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const ended = slots.lendDuring(() => promise);
      return {
        end: (): Promise<void> => {
          resolve();
          return ended;
        },
      };
    },
  };
}

/** Lets promises that are settled call what waits for them. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('An attempt beyond the limit waits until another one ends; the one that has waited longest is first.', async () => {
  const { got, reserve, release } = slotsOf(1);
  for (const name of ['first', 'second', 'third']) void reserve(name);
  await settle();
  expect(got).toEqual(['first']);
  release();
  await settle();
  expect(got).toEqual(['first', 'second']);
});

test('While an attempt waits for Azure, another one has its slot; afterwards both work.', async () => {
  const { got, reserve, release, lend } = slotsOf(1);
  for (const name of ['waits', 'second', 'third']) void reserve(name);
  const lent = lend();
  await settle();
  expect(got).toEqual(['waits', 'second']);
  await lent.end();
  release();
  await settle();
  expect(got).toEqual(['waits', 'second']);
  release();
  await settle();
  expect(got).toEqual(['waits', 'second', 'third']);
});

test('A wait that fails gives the slot back too.', async () => {
  const { slots, got, reserve } = slotsOf(1);
  void reserve('waits');
  await expect(slots.lendDuring(() => Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled');
  void reserve('second');
  await settle();
  expect(got).toEqual(['waits']);
});

test('A worker that stops polling takes no slot.', async () => {
  const { slots, got, reserve, release } = slotsOf(1);
  void reserve('first');
  const stopping = new AbortController();
  const abandoned = reserve('abandoned', stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(abandoned).rejects.toThrow('stopped');
  release();
  await settle();
  expect(got).toEqual(['first']);
  expect([slots.tryReserveSlot(context), slots.tryReserveSlot(context)]).toEqual([{}, null]);
});

test('Attempts that only wait are limited too.', async () => {
  const { got, reserve, lend } = slotsOf(1, 2);
  for (const name of ['first', 'second', 'third']) {
    void reserve(name);
    lend();
  }
  await settle();
  expect(got).toEqual(['first', 'second']);
});
