import durations from './data/durations.json' with { type: 'json' };
import type { Instant } from './model.ts';

const seconds = new Map<string, number>(
  Object.entries(durations).flatMap(([key, entry]) => (Array.isArray(entry) ? [[key, Number(entry[0])] as const] : [])),
);

/** The emulator's time: the machine's clock, on which the operations of Azure take `timeScale` of their real duration. */
export class Clock {
  readonly timeScale: number;
  #frozen: Instant | undefined;

  constructor(timeScale: number) {
    this.timeScale = timeScale;
  }

  now(): Instant {
    return this.#frozen ?? Date.now();
  }

  /** Runs `work` as if it were `instant`: what was due earlier happened earlier, however late it is looked at. */
  at(instant: Instant, work: () => void): void {
    this.#frozen = instant;
    try {
      work();
    } finally {
      this.#frozen = undefined;
    }
  }

  /** Scaled milliseconds of a duration named in `data/durations.json`. Throws on an unknown name. */
  duration(key: string): number {
    const real = seconds.get(key);
    if (real === undefined) throw new Error(`durations.json has no "${key}"`);
    return Math.round(real * 1000 * this.timeScale);
  }
}
