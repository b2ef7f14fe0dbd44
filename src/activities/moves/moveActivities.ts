import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { EnvironmentState, Json, Score } from '../../domain/environment.ts';
import type { MovedEnvironment, MoveGateway } from '../../domain/move.ts';
import { serviceActivity } from '../serviceActivity.ts';

/** What is awaited: the end of the run in progress, or the end of a teardown that was accepted and may not have begun. */
type Awaited = 'idle' | 'tornDown';

/** The states in which an environment stays by itself. */
const settled: Record<Awaited, readonly EnvironmentState[]> = {
  idle: ['ready', 'failed', 'cancelled', 'expired', 'blocked', 'deleted'],
  tornDown: ['cancelled', 'blocked', 'deleted'],
};

/** Fails retryably until the environment is settled; the workflow's retry policy polls. */
async function awaitSettled(gateway: MoveGateway, name: string, until: Awaited): Promise<MovedEnvironment | null> {
  const found = await gateway.read(name);
  if (!found || (!found.isBusy && settled[until].includes(found.state))) return found;
  throw ApplicationFailure.create({
    type: 'InProgress',
    message: `environment ${name}: ${found.state}`,
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** The activities of a move, which call the environments' workflows. Each one is idempotent. */
export const createMoveActivities = (gateway: MoveGateway) => ({
  awaitEnvironment: serviceActivity(({ name, until }: { name: string; until: Awaited }) =>
    awaitSettled(gateway, name, until),
  ),
  scoreEnvironment: serviceActivity(
    ({ name, request, ...options }: { name: string; request: Json; key: string; by: string | null }): Promise<Score> =>
      gateway.score(name, request, options),
  ),
  removeEnvironment: serviceActivity(
    ({ name, ...options }: { name: string; requestId: string; by: string | null }): Promise<void> =>
      gateway.remove(name, options),
  ),
});

export type MoveActivities = ReturnType<typeof createMoveActivities>;
