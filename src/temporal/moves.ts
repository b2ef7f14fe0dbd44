import { setTimeout as wait } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { isMoveOver, newMove } from '../domain/move.ts';
import type { Move } from '../domain/move.ts';
import { Problem } from '../domain/problem.ts';
import { sampleOf } from '../domain/samples.ts';
import { confirmMoveSignal, moveMemoKey, moveWorkflowId, moveWorkflowType, taskQueues } from '../workflows/messages.ts';
import type { MoveInput } from '../workflows/messages.ts';
import type { Environments, MoveRequest, MoveRequests, Moves } from './contracts.ts';
import { closedProblem } from './closedWorkflow.ts';
import { assertAccepted } from './earlyRefusal.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import { readForChange } from './readForChange.ts';
import { mapUnavailable } from './unavailable.ts';

/** A worker processes a signal within milliseconds. Without a worker, it is processed later. */
const shownWithinMs = 3_000;
const pollMs = 50;

const endedOutside = (move: Move, status: string): Move => ({
  ...move,
  state: 'failed',
  failure: {
    message: `the workflow of the move was ended from outside (${status})`,
    remedy: `POST the move again; both environments are as GET /environments/{name} shows them`,
  },
});

/** Moves as workflows: starts and signals them, and reads what Temporal's server stores about them. */
export function createMoves(client: Client, environments: Environments, subscriptionId: string): Moves {
  const links = { temporalUi: null, namespace: client.options.namespace, subscriptionId };
  const reader = createEnvironmentReader(client, links, async (shown) => shown);

  /** The last move of an environment; undefined where Temporal keeps none. */
  async function find(name: string): Promise<Move | undefined> {
    try {
      const { memo, status } = await client.workflow.getHandle(moveWorkflowId(name)).describe();
      const move = memo?.[moveMemoKey] as Move | undefined;
      return move && status.name !== 'RUNNING' && !isMoveOver(move) ? endedOutside(move, status.name) : move;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  async function get(name: string): Promise<Move> {
    const move = await find(name);
    if (!move) throw new Problem('NotFound', `There is no move of the environment ${name}.`);
    return move;
  }

  /** Waits until the workflow shows the effect of a request; without a worker, the move is as it was. */
  async function awaitMove(name: string, isShown: (move: Move) => boolean): Promise<Move> {
    const end = Date.now() + shownWithinMs;
    let move = await get(name);
    for (; !isShown(move) && Date.now() < end; move = await get(name)) await wait(pollMs);
    return move;
  }

  /** Returns false where a move of the environment is open already. */
  async function startWorkflow(input: MoveInput): Promise<boolean> {
    try {
      await client.workflow.start(moveWorkflowType, {
        workflowId: moveWorkflowId(input.from),
        taskQueue: taskQueues.workflows,
        args: [input],
        memo: { [moveMemoKey]: newMove(input) },
        staticSummary: `${input.from} to ${input.to}`,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  const requestsOf = (caller: Parameters<Moves['as']>[0]): MoveRequests => {
    const deps = { reader, caller };

    async function confirm(name: string): Promise<Move> {
      const move = await get(name);
      if (move.confirmedBy !== null && move.state !== 'failed' && move.state !== 'cancelled') return move;
      if (isMoveOver(move)) throw refused(move, 'confirmed');
      await client.workflow.getHandle(moveWorkflowId(name)).signal(confirmMoveSignal, { by: caller.name });
      return awaitMove(name, (shown) => shown.confirmedBy !== null || isMoveOver(shown));
    }

    /** A repetition of the request returns the same move. */
    async function repeated(name: string, { to, confirmed }: MoveRequest): Promise<Move | undefined> {
      const move = await find(name);
      if (!move || isMoveOver(move)) return undefined;
      if (move.to !== to)
        throw new Problem(
          'MoveRefused',
          `${name} is being moved to ${move.to}: cancel that first, or wait for its end.`,
        );
      return confirmed ? confirm(name) : move;
    }

    async function start(name: string, request: MoveRequest): Promise<Move> {
      const stored = await readForChange(deps, 'moveEnvironment', name);
      const running = await repeated(name, request);
      if (running) return running;
      if (stored.health !== 'ok') throw closedProblem(name, stored);
      const { record } = stored;
      assertAccepted('score', record);
      if (record.spec === null) throw new Problem('NotReady', `The spec of ${name} is not known: POST it again first.`);
      const spec = request.newSpec(record.spec);
      const sample = sampleOf(record.spec.model);
      const scored = request.request ?? sample.request;
      if (scored === undefined) throw noRequest();
      await environments.as(caller).create(spec);
      const { tolerance } = sample;
      const { to, confirmed } = request;
      const parties = { from: name, to, requestedBy: caller.name, startedAt: new Date().toISOString() };
      const input = { ...parties, request: scored, ...(tolerance && { tolerance }), confirmed };
      if (await startWorkflow(input)) return get(name);
      return (await repeated(name, request)) ?? get(name);
    }

    return {
      start,
      async confirm(name) {
        await readForChange(deps, 'confirmMove', name);
        return confirm(name);
      },
      async cancel(name) {
        await readForChange(deps, 'cancelMove', name);
        const move = await get(name);
        if (move.state === 'cancelled') return move;
        if (isMoveOver(move) || move.state === 'handingOver') throw refused(move, 'cancelled');
        await client.workflow.getHandle(moveWorkflowId(name)).cancel();
        return awaitMove(name, (shown) => isMoveOver(shown) || shown.state === 'handingOver');
      },
    };
  };

  return { ...mapUnavailable({ get }), as: (caller) => mapUnavailable(requestsOf(caller)) };
}

const refused = ({ from, to, state }: Move, what: string): Problem =>
  new Problem('MoveRefused', `The move of ${from} to ${to} can no longer be ${what}: it is ${state}.`);

const noRequest = (): Problem =>
  new Problem('InvalidBody', 'Validation failed; nothing was started.', {
    errors: [{ path: '/request', message: "is required: the model's sample request is a file" }],
  });
