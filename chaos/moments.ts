import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../src/domain/environment.ts';
import type { StepId } from '../src/domain/steps.ts';

type Edge = 'begins' | 'ends';

function has({ steps }: Environment, id: StepId, edge: Edge): boolean {
  const state = steps.find((step) => step.id === id)?.state ?? 'pending';
  return edge === 'begins' ? state !== 'pending' : ['succeeded', 'failed', 'skipped'].includes(state);
}

/** What the users saw of the steps, so that others can act at the moment when one begins or ends. */
export function createMoments() {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const known = new Set<string>();

  return {
    has,
    see(environment: Environment): void {
      for (const { id } of environment.steps)
        for (const edge of ['begins', 'ends'] as const) {
          const key = `${environment.name} ${environment.run?.id} ${id} ${edge}`;
          if (known.has(key) || !has(environment, id, edge)) continue;
          known.add(key);
          emitter.emit(`${id} ${edge}`);
        }
    },
    /** True when the step of any run has just begun or ended; false after `limitMs`. */
    async next(id: StepId, edge: Edge, limitMs: number, signal: AbortSignal): Promise<boolean> {
      const over = new AbortController();
      const either = { signal: AbortSignal.any([signal, over.signal]) };
      const came = once(emitter, `${id} ${edge}`, either).then(() => true);
      return Promise.race([came, sleep(limitMs, false, either)]).finally(() => over.abort());
    },
  };
}

export type Moments = ReturnType<typeof createMoments>;
