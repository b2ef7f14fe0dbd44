import { CancellationScope, condition, upsertMemo, workflowInfo } from '@temporalio/workflow';

/**
 * Collects changes of the memo and writes them once per workflow task, when everything that the task's events caused has run: each write
 * is an event of the history. What is equal to the last write is not written again. `onWrite` is called with each write.
 */
export function createMemoBatch(onWrite: () => void = () => undefined) {
  const written = new Map(
    Object.entries(workflowInfo().memo ?? {}).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  let changes: Record<string, unknown> = {};
  let isScheduled = false;

  /** Writes what has changed. To be called before the workflow ends or continues as new. */
  function flush(): void {
    const changed = Object.entries(changes).filter(([key, value]) => {
      const json = JSON.stringify(value);
      const isNew = written.get(key) !== json;
      written.set(key, json);
      return isNew;
    });
    changes = {};
    if (changed.length === 0) return;
    upsertMemo(Object.fromEntries(changed));
    onWrite();
  }

  async function flushAfterTask(): Promise<void> {
    let isLater = false;
    // conditions are checked once all other code of the task has run
    const later = CancellationScope.nonCancellable(() => condition(() => isLater));
    isLater = true;
    await later;
    isScheduled = false;
    flush();
  }

  return {
    flush,
    /** `value` may still change until it is written. */
    set(key: string, value: unknown): void {
      changes[key] = value;
      if (isScheduled) return;
      isScheduled = true;
      void flushAfterTask();
    },
  };
}

export type MemoBatch = ReturnType<typeof createMemoBatch>;
