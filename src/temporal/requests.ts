import type { EventEmitter } from 'node:events';
import { assertWithinLimits } from '../domain/ownerLimits.ts';
import type { Caller } from '../domain/roles.ts';
import { changeLease } from './changeLease.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { EnvironmentRequests } from './contracts.ts';
import { assertAccepted } from './earlyRefusal.ts';
import { ensureEnvironment } from './ensureEnvironment.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import { readForChange } from './readForChange.ts';
import { requestScore } from './requestScore.ts';
import { cancelRun, removeEnvironment, verifyEnvironment } from './signalEnvironment.ts';
import { mapUnavailable } from './unavailable.ts';

/** The requests of callers that change environments. Each one is announced on `touched`, so that the list's stream reads the environment at once. */
export function createRequests(
  base: Omit<EnvironmentDeps, 'caller'>,
  touched: EventEmitter,
): (caller: Caller) => EnvironmentRequests {
  async function touching<T>(name: string, request: Promise<T>): Promise<T> {
    try {
      return await request;
    } finally {
      touched.emit('environment', name);
    }
  }

  return (caller) => {
    const deps: EnvironmentDeps = { ...base, caller };
    const { client, reader, policy } = deps;

    /** Runs `call`. Where the environment's workflow has closed meanwhile, throws the problem of the environment's current state. */
    async function whileOpen<T>(name: string, call: () => Promise<T>): Promise<T> {
      try {
        return await call();
      } catch (error) {
        if (!isClosed(error)) throw error;
        throw closedProblem(name, await reader.find(name));
      }
    }

    return mapUnavailable<EnvironmentRequests>({
      create: (spec, options) => touching(spec.name, ensureEnvironment(deps, spec, options?.isSuffixChosen ?? false)),
      cancel: (name, request) => touching(name, cancelRun(deps, name, request)),
      verify: (name) => touching(name, verifyEnvironment(deps, name)),
      remove: (name) => touching(name, removeEnvironment(deps, name)),
      async change(name, change, idempotencyKey) {
        const stored = await readForChange(deps, 'changeLease', name);
        if (policy) assertWithinLimits(policy, stored.record.owner, change);
        if (stored.health !== 'ok') throw closedProblem(name, stored);
        // a teardown that is due to expiry accepts a renewal: only the workflow knows
        if (stored.record.state === 'deleted') assertAccepted('renew', stored.record);
        await touching(
          name,
          whileOpen(name, () => changeLease(client, name, change, idempotencyKey, caller.name)),
        );
        return reader.get(name);
      },
      async score(name, request, idempotencyKey) {
        const stored = await readForChange(deps, 'scoreEnvironment', name);
        if (stored.health !== 'ok') throw closedProblem(name, stored);
        // a repeated request may find its own run in progress: then the workflow decides
        if (idempotencyKey === undefined) assertAccepted('score', stored.record);
        return whileOpen(name, () => requestScore(deps, name, request, idempotencyKey));
      },
    });
  };
}
