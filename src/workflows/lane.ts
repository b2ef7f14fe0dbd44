import { patched } from '@temporalio/workflow';

/**
 * Writes on one virtual network, one after the other in the order in which they can begin: Azure refuses one while another has the subnet.
 * A run that began at a time when they went at once goes on like that.
 */
export function networkLane(): { inTurn: boolean; write<T>(work: () => Promise<T>): Promise<T> } {
  const inTurn = patched('network-writes-in-turn');
  let last: Promise<unknown> = Promise.resolve();
  return {
    inTurn,
    write(work) {
      if (!inTurn) return work();
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
