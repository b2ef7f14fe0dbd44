import type { AnswerDifference } from './answerDifference.ts';
import type { EnvironmentState, Json, Score } from './environment.ts';

/**
 * `provisioning`: until the new environment is ready; `comparing`: both are scored; `waiting`: the answers agree, for a person to confirm;
 * `handingOver`: the old environment is being torn down; `done`: it is deleted. In all other states both environments are as they were.
 */
export const moveStates = [
  'provisioning',
  'comparing',
  'waiting',
  'handingOver',
  'done',
  'failed',
  'cancelled',
] as const;
export type MoveState = (typeof moveStates)[number];

/** The same request, scored by both environments. */
export interface MoveComparison {
  request: Json;
  /** the old environment's */
  from: Score;
  /** the new environment's */
  to: Score;
  /** null: they agree */
  difference: AnswerDifference | null;
}

/** A move of an environment to a new one beside it. */
export interface Move {
  from: string;
  to: string;
  state: MoveState;
  startedAt: string;
  finishedAt: string | null;
  requestedBy: string | null;
  /** who confirmed that the old environment is torn down once the answers agree; null: nobody yet */
  confirmedBy: string | null;
  /** the scoring addresses of both; null: not known yet */
  scoringUris: { from: string | null; to: string | null };
  comparison: MoveComparison | null;
  /** why it ended without a hand-over, or the hand-over is blocked */
  failure: { message: string; remedy: string } | null;
}

/** States in which a move has ended. */
export const isMoveOver = ({ state }: Pick<Move, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

/** What a move needs to know of an environment. */
export interface MovedEnvironment {
  state: EnvironmentState;
  /** a run is in progress */
  isBusy: boolean;
  scoringUri: string | null;
  /** its failure, with the remedy; null: it has none */
  failure: string | null;
}

/** Access of a move to the environments' workflows. */
export interface MoveGateway {
  /** null: there is no such environment */
  read(name: string): Promise<MovedEnvironment | null>;
  /** `key` identifies the request: a repetition returns the first answer */
  score(name: string, request: Json, options: { key: string; by: string | null }): Promise<Score>;
  /** Starts a teardown, and waits until it is accepted; nothing where it is deleted already. */
  remove(name: string, options: { requestId: string; by: string | null }): Promise<void>;
}

/** A move that has just been requested. */
export const newMove = ({
  from,
  to,
  requestedBy,
  confirmed,
  startedAt,
}: Pick<Move, 'from' | 'to' | 'requestedBy' | 'startedAt'> & { confirmed: boolean }): Move => ({
  from,
  to,
  state: 'provisioning',
  startedAt,
  finishedAt: null,
  requestedBy,
  confirmedBy: confirmed ? (requestedBy ?? 'Moat') : null,
  scoringUris: { from: null, to: null },
  comparison: null,
  failure: null,
});
