import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { MoveGateway } from '../domain/move.ts';
import { Problem } from '../domain/problem.ts';
import { decisionsMemoKey, environmentWorkflowId, scoreUpdate, teardownSignal } from '../workflows/messages.ts';
import type { SignalDecision } from '../workflows/messages.ts';
import { assertAccepted, refusal } from './earlyRefusal.ts';
import { requestUpdate, updateFailureOf } from './environmentUpdate.ts';
import { storedRecord } from './lostEnvironment.ts';

const decidedWithinMs = 20_000;
const pollMs = 100;

/** A refusal does not pass by itself. */
const final = (type: string, message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, type);

/** Access of moves to Temporal and to the environments' workflows. */
export function createMoveGateway(client: Client): MoveGateway {
  async function describe(name: string) {
    try {
      const description = await client.workflow.getHandle(environmentWorkflowId(name)).describe();
      const decisions = (description.memo?.[decisionsMemoKey] ?? []) as SignalDecision[];
      return { record: storedRecord(description)?.record, decisions };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }
  const recordOf = async (name: string) => (await describe(name))?.record;

  /** A signal has no answer: the memo shows the decision. Throws a final failure for a refusal, a retryable one without a decision in time. */
  async function awaitAccepted(name: string, requestId: string): Promise<void> {
    for (const end = Date.now() + decidedWithinMs; Date.now() < end; await wait(pollMs)) {
      const found = await describe(name);
      const decision = found?.decisions.find((one) => one.requestId === requestId);
      if (decision?.refusal && found?.record)
        throw final(decision.refusal, refusal(decision.refusal, found.record).message);
      if (!found || decision || found.record?.state === 'deleted') return;
    }
    throw new Error(`the workflow of ${name} has not decided about its teardown`);
  }

  return {
    async read(name) {
      const record = await recordOf(name);
      if (!record) return null;
      const { state, run, outputs, failure } = record;
      return {
        state,
        isBusy: run !== null,
        scoringUri: outputs.scoringUri ?? null,
        failure: failure && `${failure.type}: ${failure.message} ${failure.remedy}`.trim(),
      };
    },

    async score(name, request, { key, by }) {
      try {
        return await requestUpdate(client, name, scoreUpdate, {
          request: { key, operation: 'score', body: request },
          input: { request, by: by ?? 'Moat' },
        });
      } catch (error) {
        const failure = updateFailureOf(error);
        throw failure ? final(failure.type, `${name}: ${failure.message}`) : error;
      }
    },

    async remove(name, { requestId, by }) {
      const record = await recordOf(name);
      if (!record || record.state === 'deleted') return;
      try {
        assertAccepted('teardown', record);
      } catch (error) {
        throw error instanceof Problem ? final(error.code, error.message) : error;
      }
      await client.workflow
        .getHandle(environmentWorkflowId(name))
        .signal(teardownSignal, { requestId, by: by ?? 'Moat' });
      await awaitAccepted(name, requestId);
    },
  };
}
