/** A task of a run. */
export interface Task<T = void> {
  /** What it returned. Throws Error before it has succeeded. */
  value(): T;
}

export type Needs = Task<unknown> | readonly Task<unknown>[];

/** Tasks that start when what they need has succeeded. Each is part of a step. */
export interface TaskGraph<Step> {
  add<T>(step: Step, needs: Needs, work: () => Promise<T>): Task<T>;
  /** Waits until no task runs, also when the run is cancelled. Those whose needs failed have not started. */
  end(): Promise<void>;
}

/** What is called when a task starts, and with what one threw. */
export interface TaskEvents<Step> {
  onStart(step: Step): void;
  onFailure(step: Step, thrown: unknown): void;
}

/** A task that has not succeeded. */
interface Unfinished<Step> {
  task: Task<unknown>;
  step: Step;
  work: () => Promise<unknown>;
  /** how many of the tasks that it needs have not succeeded */
  missing: number;
  followers: readonly Unfinished<Step>[];
}

const notSucceeded = (): never => {
  throw new Error('the task has not succeeded');
};

/**
 * A task that waits is one object, without a promise: the SDK keeps a stack trace of some 2 KB for each promise that is pending in a
 * workflow, and most of a run's tasks wait most of the time.
 */
export function createTaskGraph<Step>({ onStart, onFailure }: TaskEvents<Step>): TaskGraph<Step> {
  const unfinished = new Map<Task<unknown>, Unfinished<Step>>();
  let running = 0;
  let resolveEnd: (() => void) | undefined;

  function start(entry: Unfinished<Step>): void {
    running++;
    onStart(entry.step);
    entry.work().then(
      (result) => ended(() => succeed(entry, result)),
      (thrown: unknown) => ended(() => onFailure(entry.step, thrown)),
    );
  }

  function succeed({ task, followers }: Unfinished<Step>, result: unknown): void {
    task.value = () => result;
    unfinished.delete(task);
    for (const follower of followers) if (--follower.missing === 0) start(follower);
  }

  function ended(handle: () => void): void {
    handle();
    if (--running === 0) resolveEnd?.();
  }

  return {
    add(step, needs, work) {
      const task: Task<Awaited<ReturnType<typeof work>>> = { value: notSucceeded };
      const missing = [needs].flat().flatMap((need) => unfinished.get(need) ?? []);
      const entry = { task, step, work, missing: missing.length, followers: [] };
      unfinished.set(task, entry);
      // without `push`, which reserves memory for seventeen followers
      for (const need of missing) need.followers = [...need.followers, entry];
      if (missing.length === 0) start(entry);
      return task;
    },
    async end() {
      if (running > 0) await new Promise<void>((resolve) => (resolveEnd = resolve));
    },
  };
}
