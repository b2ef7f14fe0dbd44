import { createHash } from 'node:crypto';
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
  readonly #seed: number | null;
  #origin = Date.now() - performance.now();
  #frozen: Instant | undefined;

  /** `seed`: operations vary around their mean; null: each takes exactly its mean. */
  constructor(timeScale: number, seed: number | null = null) {
    this.timeScale = timeScale;
    this.#seed = seed;
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

  /**
   * Scaled milliseconds of a duration named in `data/durations.json`: its mean or, with a seed, what it takes for the resource with
   * the id `of`. Throws on an unknown name.
   */
  duration(key: string, of?: string): number {
    const real = seconds.get(key);
    if (real === undefined) throw new Error(`durations.json has no "${key}"`);
    const factor = this.#seed === null || of === undefined ? 1 : variation(`${this.#seed} ${key} ${of.toLowerCase()}`);
    return Math.round(real * 1000 * this.timeScale * factor);
  }
}

/** How far durations vary: the standard deviation of their logarithm. */
const spread = 0.15;

/** A log-normal factor with the mean 1, between 0.6 and 1.8, that is always the same for the same text. */
function variation(text: string): number {
  const digest = createHash('sha256').update(text).digest();
  const uniform = (at: number): number => (digest.readUInt32BE(at) + 0.5) / 2 ** 32;
  const normal = Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(4));
  return Math.min(1.8, Math.max(0.6, Math.exp(spread * normal - spread ** 2 / 2)));
}
