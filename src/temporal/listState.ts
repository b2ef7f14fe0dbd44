import type { ActiveEnvironment, ActiveReader } from './activeEnvironments.ts';
import { eventId } from './environmentReader.ts';
import { isLost } from './lostEnvironment.ts';

/** Visibility lags behind the workflows, and clocks differ: each read repeats this time. */
export const overlapMs = 15_000;
/** Visibility is expected to have a change after this time. */
export const lagMs = 5_000;
/** Workflows that are ended from outside change no attribute: they are found by a query of their own. */
const lostEveryMs = 10_000;

const hasClosed = ({ stored: { record } }: ActiveEnvironment): boolean => record.state === 'deleted' || isLost(record);

/** What is active, as it was read last. `read` and `describe` return what has changed; one call at a time. */
export class ListState {
  active: ReadonlyMap<string, ActiveEnvironment> = new Map();
  /** of visibility, in ms since 1970 */
  readAt = Date.now();
  readonly #reader: ActiveReader;
  #isRead = false;
  #lostAt = 0;
  /** by name: until then, visibility may show an earlier state */
  readonly #aheadUntil = new Map<string, number>();

  constructor(reader: ActiveReader) {
    this.#reader = reader;
  }

  /**
   * Reads visibility. It does not replace what has just been described, and does not decide that an environment is deleted or lost: where it
   * shows something else, that environment is described.
   */
  async read(): Promise<ActiveEnvironment[]> {
    const readAt = Date.now();
    const known = this.active;
    const since = this.readAt - overlapMs;
    const isDue = readAt - this.#lostAt >= lostEveryMs;
    const seen = await this.#reader.readActive({
      since,
      known: this.#isRead ? known : undefined,
      ...(isDue && { lostSince: since - lostEveryMs }),
    });
    for (const [name, until] of this.#aheadUntil) if (until < readAt) this.#aheadUntil.delete(name);
    const changed = [...seen].filter(([name, active]) => this.#isNew(name, active));
    const doubtful = changed.filter(([name, active]) => this.#aheadUntil.has(name) || hasClosed(active));
    const names = new Set(doubtful.map(([name]) => name));
    const kept = [...this.#aheadUntil.keys(), ...names].filter((name) => known.has(name));
    this.active = new Map([
      ...[...seen].filter(([name]) => !names.has(name)),
      ...kept.map((name) => [name, known.get(name)!] as const),
    ]);
    this.readAt = readAt;
    this.#isRead = true;
    if (isDue) this.#lostAt = readAt;
    const described = await this.describe([...names]);
    return [...changed.filter(([name]) => !names.has(name)).map(([, active]) => active), ...described];
  }

  /** Reads these by describes. `ahead`: they have just changed, so visibility may lag behind. */
  async describe(names: readonly string[], ahead = false): Promise<ActiveEnvironment[]> {
    const until = Date.now() + lagMs;
    const read = await Promise.all(names.map(async (name) => [name, await this.#reader.readOne(name)] as const));
    const changed = read.flatMap(([name, active]) =>
      active && this.#isNew(name, active) ? [[name, active] as const] : [],
    );
    this.active = new Map([...this.active, ...changed]);
    if (ahead) for (const name of names) this.#aheadUntil.set(name, until);
    return changed.map(([, active]) => active);
  }

  #isNew(name: string, { environment }: ActiveEnvironment): boolean {
    const before = this.active.get(name);
    return !before || (before.environment !== environment && eventId(before.environment) !== eventId(environment));
  }
}
