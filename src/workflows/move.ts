import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { MoveActivities } from '../activities/moves/moveActivities.ts';
import { answerDifference } from '../domain/answerDifference.ts';
import type { Score } from '../domain/environment.ts';
import { newMove } from '../domain/move.ts';
import type { Move } from '../domain/move.ts';
import { createMemoBatch } from './memoBatch.ts';
import { confirmMoveSignal, moveMemoKey, taskQueues } from './messages.ts';
import type { MoveInput } from './messages.ts';

/** Without a confirmation, the move ends and both environments stay. */
const confirmWithin = '1 day';

const short = { taskQueue: taskQueues.workflows, startToCloseTimeout: '30 seconds' } as const;
/** Each attempt is a poll. A deployment may take an hour, a blocked teardown as long as a person does. */
const polls = proxyActivities<MoveActivities>({
  ...short,
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '15 seconds', backoffCoefficient: 1.5 },
});
const requests = proxyActivities<MoveActivities>({
  ...short,
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', backoffCoefficient: 2 },
});

/** Ends a move without a hand-over. */
class NotMoved extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The state of a move, shown in the memo of its workflow. */
function createMoveStore(input: MoveInput) {
  const memo = createMemoBatch();
  const { from, to } = input;
  const move = newMove(input);
  function enter(change: Partial<Move>): void {
    Object.assign(move, change);
    memo.set(moveMemoKey, move);
    setCurrentDetails(`### ${from} to ${to}: ${move.state}`);
  }
  return { move, enter, flush: memo.flush };
}
type MoveStore = ReturnType<typeof createMoveStore>;

/**
 * Moves an environment to a new one beside it, which the API has requested: waits until that is ready, scores the same request at both,
 * and, once the answers agree and a person has confirmed, tears the old one down. In every other case the old environment stays as it was.
 */
export async function move(input: MoveInput): Promise<Move> {
  const store = createMoveStore(input);
  setHandler(confirmMoveSignal, ({ by }) => {
    if (store.move.confirmedBy === null) store.enter({ confirmedBy: by ?? 'Moat' });
  });
  store.enter({});
  try {
    await awaitBoth(store);
    await compare(store, input);
    await awaitConfirmation(store);
    // from here on a cancellation would leave half of an environment
    await CancellationScope.nonCancellable(() => handOver(store));
    store.enter({ state: 'done' });
  } catch (error) {
    store.enter(isCancellation(error) ? { state: 'cancelled' } : { state: 'failed', failure: failureOf(error) });
  }
  store.enter({ finishedAt: new Date().toISOString() });
  store.flush();
  return store.move;
}

const postAgain = 'then POST the move again';

/** Waits until both environments are idle. Throws NotMoved unless both are ready. */
async function awaitBoth({ move: { from, to }, enter }: MoveStore): Promise<void> {
  const [old, fresh] = await Promise.all([from, to].map((name) => polls.awaitEnvironment({ name, until: 'idle' })));
  enter({ scoringUris: { from: old?.scoringUri ?? null, to: fresh?.scoringUri ?? null } });
  for (const [name, found] of [
    [to, fresh],
    [from, old],
  ] as const) {
    if (found?.state === 'ready') continue;
    const cause = found?.failure ? `: ${found.failure}` : '';
    throw new NotMoved(
      `the environment ${name} is ${found?.state ?? 'deleted'}${cause}`,
      name === to ? `clear the cause, ${postAgain}` : `POST the environment ${name} again, ${postAgain}`,
    );
  }
}

async function compare({ move: { from, to, requestedBy: by }, enter }: MoveStore, input: MoveInput): Promise<void> {
  const { request, tolerance } = input;
  enter({ state: 'comparing' });
  const score = (name: string): Promise<Score> =>
    requests.scoreEnvironment({ name, request, key: workflowInfo().runId, by });
  const [old, fresh] = await Promise.all([score(from), score(to)]);
  const byStatus = answerDifference(old.status, fresh.status, {}, '$status');
  const difference = byStatus ?? answerDifference(old.body, fresh.body, tolerance);
  enter({ comparison: { request, from: old, to: fresh, difference } });
  if (difference)
    throw new NotMoved(
      `the answers differ at ${difference.path}: ${JSON.stringify(difference.from)} from ${from}, ${JSON.stringify(difference.to)} from ${to}`,
      `DELETE /environments/${to}, correct its spec, ${postAgain}`,
    );
  if (old.status !== 200)
    throw new NotMoved(`both environments answer ${old.status}`, `POST the move with a "request" that is answered 200`);
}

async function awaitConfirmation({ move, enter }: MoveStore): Promise<void> {
  if (move.confirmedBy === null) enter({ state: 'waiting' });
  const confirmed = await condition(() => move.confirmedBy !== null, confirmWithin);
  if (!confirmed) throw new NotMoved('nobody has confirmed the move within a day', `POST the move again`);
}

/** Tears the old environment down, and waits until it is deleted. */
async function handOver({ move: { from, to, confirmedBy: by }, enter }: MoveStore): Promise<void> {
  const fresh = await polls.awaitEnvironment({ name: to, until: 'idle' });
  if (fresh?.state !== 'ready')
    throw new NotMoved(`the environment ${to} is ${fresh?.state ?? 'deleted'} by now`, `clear the cause, ${postAgain}`);
  enter({ state: 'handingOver' });
  await requests.removeEnvironment({ name: from, requestId: `move-${workflowInfo().runId}`, by });
  const old = await polls.awaitEnvironment({ name: from, until: 'tornDown' });
  if (old === null || old.state === 'deleted') return;
  throw new NotMoved(
    `the teardown of ${from} has not ended: it is ${old.state}${old.failure ? `: ${old.failure}` : ''}`,
    `GET /environments/${from} has its blockers; it is repeated by itself`,
  );
}

function failureOf(error: unknown): Move['failure'] {
  if (error instanceof NotMoved) return { message: error.message, remedy: error.remedy };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const message = cause instanceof ApplicationFailure ? `${cause.type}: ${cause.message}` : String(cause);
  return { message, remedy: `clear the cause, ${postAgain}` };
}
