import durations from '../data/durations.json' with { type: 'json' };
import type { Instant } from '../arm/model.ts';

const seconds = new Map<string, number>(
  Object.entries(durations).flatMap(([key, entry]) => (Array.isArray(entry) ? [[key, Number(entry[0])] as const] : [])),
);

/**
 * The emulator's time, on which Azure's operations take `timeScale` of their real duration. It begins at the machine's
 * wall clock and advances by monotonic time, so a wall clock that jumps neither ends nor delays anything.
 */
export class Clock {
  readonly timeScale: number;
  #origin = Date.now() - performance.now();
  #frozen: Instant | undefined;

  constructor(timeScale: number) {
    this.timeScale = timeScale;
  }

  now(): Instant {
    return this.#frozen ?? Math.floor(this.#origin + performance.now());
  }

  /**
   * Makes the time at least `instant`. Called at start with the latest instant in the journal: what was recorded then is
   * never in the future, even if the wall clock was set back since.
   */
  advanceTo(instant: Instant): void {
    if (instant > this.now()) this.#origin += instant - this.now();
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
