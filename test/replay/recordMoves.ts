import { localCaller } from '../../src/domain/roles.ts';
import type { MoveState } from '../../src/domain/move.ts';
import { createMoves } from '../../src/temporal/moves.ts';
import { moveWorkflowId } from '../../src/workflows/messages.ts';
import { specOf, subscriptionId } from '../workflows/fixtures.ts';
import { until } from '../workflows/workflowHarness.ts';
import type { Recorder } from './recorder.ts';

/** A move that hands over, one whose answers differ, and one that is cancelled. */
export async function recordMoves({ moat, save }: Recorder): Promise<void> {
  const moves = createMoves(moat.client, moat.environments, subscriptionId);
  const as = moves.as(localCaller);
  const start = async (from: string, to: string, confirmed: boolean): Promise<void> => {
    await moat.createReady(from);
    await as.start(from, { to, newSpec: () => specOf(to), confirmed });
  };
  const untilState = (name: string, state: MoveState) =>
    until(`the move of ${name} is ${state}`, async () => (await moves.get(name)).state === state);

  await start('move1', 'moved1', false);
  await untilState('move1', 'waiting');
  await as.confirm('move1');
  await untilState('move1', 'done');
  await save('move-done', moveWorkflowId('move1'));

  moat.arm('moved2').commandResults.score = { status: 200, body: [1], latencyMs: 9 };
  await start('move2', 'moved2', true);
  await untilState('move2', 'failed');
  await save('move-failed', moveWorkflowId('move2'));

  await start('move3', 'moved3', false);
  await untilState('move3', 'waiting');
  await as.cancel('move3');
  await save('move-cancelled', moveWorkflowId('move3'));
}
