import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MoveState } from '../../src/domain/move.ts';
import type { Lease, Spec } from '../../src/domain/environment.ts';
import { localCaller } from '../../src/domain/roles.ts';
import type { MoveRequest } from '../../src/temporal/contracts.ts';
import { createMoves } from '../../src/temporal/moves.ts';
import { specOf, subscriptionId } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
let moves: ReturnType<typeof createMoves>;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'move');
  moves = createMoves(moat.client, moat.environments, subscriptionId);
});
afterAll(() => moat.close());

const as = () => moves.as(localCaller);

/** To a larger machine: another member than the isolation would do as well. */
const request = (to: string, change: Partial<MoveRequest> = {}): MoveRequest => ({
  to,
  newSpec: (old: Spec) => ({ ...old, name: to, suffix: specOf(to).suffix, instanceType: 'Standard_DS3_v2' }),
  confirmed: false,
  ...change,
});

/** Both environments are ready already: a POST of the same spec answers the new one as it is. */
async function bothReady(old: string, fresh: string, lease: Partial<Lease> = {}): Promise<void> {
  await moat.createReady(old, lease);
  await moat.createReady(fresh, {}, { instanceType: 'Standard_DS3_v2' });
}

const untilMove = (name: string, ...states: MoveState[]) =>
  until(`the move of ${name} is ${states.join(' or ')}`, async () => {
    const move = await moves.get(name);
    return states.includes(move.state) && move;
  });

const stateOf = async (name: string): Promise<string> => (await moat.environments.get(name)).state;

describe.concurrent('a move', () => {
  it('compares the answers of both, waits for its confirmation, and tears the old environment down', async () => {
    await moat.createReady('olda');
    const started = await as().start('olda', request('newa'));
    expect(started).toMatchObject({ from: 'olda', to: 'newa', confirmedBy: null });
    const waiting = await untilMove('olda', 'waiting', 'failed');
    expect(waiting).toMatchObject({ state: 'waiting', comparison: { difference: null } });
    expect(await stateOf('newa')).toBe('ready');
    // nothing happens to the old one before somebody has confirmed
    expect(await stateOf('olda')).toBe('ready');
    await as().confirm('olda');
    expect(await untilMove('olda', 'done', 'failed')).toMatchObject({ state: 'done', confirmedBy: 'local' });
    expect([await stateOf('olda'), await stateOf('newa')]).toEqual(['deleted', 'ready']);
  });

  it('hands over without a further request where it was confirmed from the beginning', async () => {
    await bothReady('oldb', 'newb');
    await as().start('oldb', request('newb', { confirmed: true }));
    expect(await untilMove('oldb', 'done', 'failed')).toMatchObject({ state: 'done', confirmedBy: 'local' });
    expect(await stateOf('oldb')).toBe('deleted');
  });

  it('keeps the old environment where the answers differ, also when it was confirmed', async () => {
    await bothReady('oldc', 'newc');
    moat.arm('newc').commandResults.score = { status: 200, body: [11055.9, 4503.07], latencyMs: 9 };
    await as().start('oldc', request('newc', { confirmed: true }));
    const failed = await untilMove('oldc', 'done', 'failed');
    expect(failed).toMatchObject({ state: 'failed', comparison: { difference: { path: '$[0]', to: 11055.9 } } });
    expect(failed.failure!.message).toContain('the answers differ at $[0]');
    expect([await stateOf('oldc'), await stateOf('newc')]).toEqual(['ready', 'ready']);
  });

  it('keeps the old environment where the new one fails, and continues when it is requested again', async () => {
    await moat.createReady('oldd');
    const arm = moat.arm('newd');
    arm.preflightFindings = [{ rule: 'PF-33', severity: 'blocks', message: 'locked', remedy: 'unlock it', source: '' }];
    await as().start('oldd', request('newd', { confirmed: true }));
    const failed = await untilMove('oldd', 'done', 'failed');
    expect(failed.failure!.message).toContain('unlock it');
    expect(await stateOf('oldd')).toBe('ready');
    arm.preflightFindings = [];
    await as().start('oldd', request('newd', { confirmed: true }));
    expect(await untilMove('oldd', 'done')).toMatchObject({ state: 'done' });
  });

  it('keeps both environments when it is cancelled', async () => {
    await bothReady('olde', 'newe');
    await as().start('olde', request('newe'));
    await untilMove('olde', 'waiting');
    expect(await as().cancel('olde')).toMatchObject({ state: 'cancelled' });
    await expect(as().confirm('olde')).rejects.toMatchObject({ code: 'MoveRefused' });
    expect([await stateOf('olde'), await stateOf('newe')]).toEqual(['ready', 'ready']);
  });

  it('never tears a protected environment down', async () => {
    await bothReady('oldf', 'newf', { protected: true, reason: 'demo' });
    await as().start('oldf', request('newf', { confirmed: true }));
    expect((await untilMove('oldf', 'done', 'failed')).failure!.message).toContain('Protected');
    expect(await stateOf('oldf')).toBe('ready');
  });

  it('is the same move when it is requested again, and the only one of its environment', async () => {
    await bothReady('oldg', 'newg');
    const first = await as().start('oldg', request('newg'));
    const again = await as().start('oldg', request('newg'));
    expect(again.startedAt).toBe((await moves.get('oldg')).startedAt);
    expect(again.from).toBe(first.from);
    await expect(as().start('oldg', request('other'))).rejects.toMatchObject({ code: 'MoveRefused' });
    await expect(moat.environments.get('other')).rejects.toMatchObject({ code: 'NotFound' });
    await untilMove('oldg', 'waiting');
  });

  it('is refused unless the environment is ready', async () => {
    await expect(as().start('absent', request('newh'))).rejects.toMatchObject({ code: 'NotFound' });
    await expect(moves.get('absent')).rejects.toMatchObject({ code: 'NotFound' });
    moat.arm('oldh').preflightFindings = [
      { rule: 'PF-33', severity: 'blocks', message: 'locked', remedy: '', source: '' },
    ];
    await moat.create('oldh');
    await moat.untilState('oldh', 'failed');
    await expect(as().start('oldh', request('newh'))).rejects.toMatchObject({ code: 'NotReady' });
    await expect(moat.environments.get('newh')).rejects.toMatchObject({ code: 'NotFound' });
  });
});
