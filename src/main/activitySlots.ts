import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker';
import type { ActivitySlots } from '../activities/deps.ts';

export type SlotSupplier = ActivitySlots & CustomSlotSupplier<ActivitySlotInfo>;

/** A slot has no data: only their number counts. */
const permit = {};

/**
 * The slots of one worker's activities. An attempt that waits between two polls lends its slot to another one, and takes it back at once when the
 * wait ends, so that at times more than `limit` attempts work. `attempts`: those that work and those that wait, at most.
 */
export function createActivitySlots({ limit, attempts }: { limit: number; attempts: number }): SlotSupplier {
  let taken = 0;
  let lent = 0;
  const waiting = new Set<() => void>();
  const isFree = (): boolean => taken - lent < limit && taken < attempts;

  function take(): typeof permit {
    taken++;
    return permit;
  }

  function serve(): void {
    for (const next of waiting) {
      if (!isFree()) return;
      waiting.delete(next);
      next();
    }
  }

  return {
    type: 'custom',
    reserveSlot(_context, signal) {
      if (isFree()) return Promise.resolve(take());
      return new Promise((resolve, reject) => {
        const next = (): void => {
          signal.removeEventListener('abort', abandon);
          resolve(take());
        };
        const abandon = (): void => {
          waiting.delete(next);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abandon, { once: true });
        waiting.add(next);
      });
    },
    tryReserveSlot: () => (isFree() ? take() : null),
    markSlotUsed() {},
    releaseSlot() {
      taken--;
      serve();
    },
    async lendDuring(wait) {
      lent++;
      serve();
      try {
        await wait();
      } finally {
        lent--;
      }
    },
  };
}
