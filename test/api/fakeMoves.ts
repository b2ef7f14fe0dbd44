import { newMove } from '../../src/domain/move.ts';
import type { Move } from '../../src/domain/move.ts';
import { Problem } from '../../src/domain/problem.ts';
import { assertMayDo } from '../../src/domain/roles.ts';
import type { Caller } from '../../src/domain/roles.ts';
import type { MoveRequest, MoveRequests, Moves } from '../../src/temporal/contracts.ts';
import type { FakeEnvironments } from './fakeEnvironments.ts';

/** Moves in memory, changed only by requests and tests. */
export class FakeMoves implements Moves {
  readonly all = new Map<string, Move>();
  readonly requested: { name: string; request: MoveRequest }[] = [];
  readonly #environments: FakeEnvironments;

  constructor(environments: FakeEnvironments) {
    this.#environments = environments;
  }

  async get(name: string): Promise<Move> {
    const move = this.all.get(name);
    if (!move) throw new Problem('NotFound', `There is no move of the environment ${name}.`);
    return move;
  }

  as(caller: Caller): MoveRequests {
    const owned = async (operation: 'moveEnvironment' | 'confirmMove' | 'cancelMove', name: string): Promise<void> =>
      assertMayDo(caller, operation, (await this.#environments.get(name)).owner);
    return {
      start: async (name, request) => {
        await owned('moveEnvironment', name);
        const { spec } = await this.#environments.get(name);
        await this.#environments.as(caller).create(request.newSpec(spec!));
        this.requested.push({ name, request });
        const { to, confirmed } = request;
        const move = newMove({
          from: name,
          to,
          requestedBy: caller.name,
          confirmed,
          startedAt: '2026-11-23T18:00:00.000Z',
        });
        this.all.set(name, move);
        return move;
      },
      confirm: async (name) => {
        await owned('confirmMove', name);
        return this.#change(name, { confirmedBy: caller.name });
      },
      cancel: async (name) => {
        await owned('cancelMove', name);
        return this.#change(name, { state: 'cancelled' });
      },
    };
  }

  async #change(name: string, change: Partial<Move>): Promise<Move> {
    const move = { ...(await this.get(name)), ...change };
    this.all.set(name, move);
    return move;
  }
}
