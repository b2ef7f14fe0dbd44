import { ApplicationFailure, condition } from '@temporalio/workflow';
import { decide } from '../domain/lifecycle.ts';
import type { LifecycleRefusal, LifecycleRequest } from '../domain/lifecycle.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import { continuing } from './messages.ts';

/** No decision is made before the environment is known. Where it is, there is no wait, so that requests keep their order. */
export const known = (store: EnvironmentStore): Promise<void> => condition(() => store.isKnown);

/** Throws `ContinuingAsNew`: the API sends the update again, to the next execution. */
export function assertNotContinuing({ isContinuing }: EnvironmentStore): void {
  if (isContinuing) throw ApplicationFailure.nonRetryable('The workflow is continuing as new.', continuing);
}

/** Throws the refusal of a request that the environment's state does not allow. */
export function assertAccepted(store: EnvironmentStore, request: LifecycleRequest): void {
  const decision = decide(request, store.status);
  if (!decision.accepted) throw refusal(decision.code);
}

export const refusal = (code: LifecycleRefusal): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`Refused in the current state: ${code}.`, code);
