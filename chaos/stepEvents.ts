import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../src/domain/environment.ts';
import type { StepId } from '../src/domain/steps.ts';

type Edge = 'start' | 'end';

function has({ steps }: Environment, id: StepId, edge: Edge): boolean {
  const state = steps.find((step) => step.id === id)?.state ?? 'pending';
  return edge === 'start' ? state !== 'pending' : ['succeeded', 'failed', 'skipped'].includes(state);
}

/** Publishes the start and end of steps as clients observe them, so that the kill loop can act at that time. */
export function createStepEvents() {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const published = new Set<string>();

  return {
    has,
    observe(environment: Environment): void {
      for (const { id } of environment.steps)
        for (const edge of ['start', 'end'] as const) {
          const key = `${environment.name} ${environment.run?.id} ${id} ${edge}`;
          if (published.has(key) || !has(environment, id, edge)) continue;
          published.add(key);
          emitter.emit(`${id} ${edge}`);
        }
    },
    /** True when the step of any run has just started or ended; false after `limitMs`. */
    async next(id: StepId, edge: Edge, limitMs: number, signal: AbortSignal): Promise<boolean> {
      const done = new AbortController();
      const options = { signal: AbortSignal.any([signal, done.signal]) };
      const occurred = once(emitter, `${id} ${edge}`, options).then(() => true);
      return Promise.race([occurred, sleep(limitMs, false, options)]).finally(() => done.abort());
    },
  };
}

export type StepEvents = ReturnType<typeof createStepEvents>;
