import { CancellationScope, condition } from '@temporalio/workflow';

/** A task of a run. */
export interface Task<T = void> {
  /** What it returned. Throws Error before it has succeeded. */
  value(): T;
}

export type Needs = Task<unknown> | readonly Task<unknown>[];

/** Tasks that start when what they need has succeeded. */
export interface TaskGraph {
  /** `onFailure` takes what `work` threw. */
  add<T>(needs: Needs, work: () => Promise<T>, onFailure: (thrown: unknown) => void): Task<T>;
  /** Waits until no task runs, also when the run is cancelled. Those whose needs failed have not started. */
  end(): Promise<void>;
}

const notSucceeded = (): never => {
  throw new Error('the task has not succeeded');
};

/**
 * A task that waits has no promise: the SDK keeps a stack trace of some 3 KB for each promise that is pending in a workflow, and most of a run's
 * tasks wait most of the time.
 */
export function createTaskGraph(): TaskGraph {
  /** of each task that has not succeeded, what to call when it has */
  const followers = new Map<Task<unknown>, (() => void)[]>();
  let running = 0;

  function succeed<T>(task: Task<T>, result: T): void {
    task.value = () => result;
    const own = followers.get(task)!;
    followers.delete(task);
    for (const follow of own) follow();
  }

  function start<T>(task: Task<T>, work: () => Promise<T>, onFailure: (thrown: unknown) => void): void {
    running++;
    work().then(
      (result) => {
        running--;
        succeed(task, result);
      },
      (thrown: unknown) => {
        running--;
        onFailure(thrown);
      },
    );
  }

  return {
    add(needs, work, onFailure) {
      const task: Task<Awaited<ReturnType<typeof work>>> = { value: notSucceeded };
      followers.set(task, []);
      const missing = [needs].flat().filter((need) => followers.has(need));
      let count = missing.length;
      const begin = () => start(task, work, onFailure);
      for (const need of missing) followers.get(need)!.push(() => --count === 0 && begin());
      if (count === 0) begin();
      return task;
    },
    end: () => CancellationScope.nonCancellable(() => condition(() => running === 0)),
  };
}
