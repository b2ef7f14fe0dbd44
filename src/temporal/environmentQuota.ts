import type { Client } from '@temporalio/client';
import { limitsOf } from '../domain/ownerLimits.ts';
import type { Policy } from '../domain/ownerLimits.ts';
import { Problem } from '../domain/problem.ts';
import { environmentWorkflowId } from '../workflows/messages.ts';
import { environmentQuery } from './visibility/environmentQuery.ts';
import { listPage } from './visibility/page.ts';

/** After this time visibility lists a workflow that was started: usually it takes a tenth of a second. */
const listedAfterMs = 10_000;
/** Executions that a page has room for beside those that count: a later one of the same name has replaced them. */
const replaced = 100;

/** How many environments owners have, and may have. */
export interface EnvironmentQuota {
  /** Whether the policy limits the number of an owner's environments. */
  isLimited(owner: string): boolean;
  /** How many live environments an owner has, as visibility counts them. */
  used(owner: string): Promise<number>;
  /** Counts a new environment until visibility lists it. Throws TooManyEnvironments where its owner has as many as the policy allows. */
  reserve(owner: string, name: string): Promise<void>;
  /** Counts it no longer: it was not started. */
  release(name: string): void;
}

/**
 * Counts by Temporal's visibility, which lists a new workflow with a short delay. What this process has started meanwhile is counted in addition, so
 * that requests to one process never exceed a limit. Several processes can, by the requests that they accept for one owner within that delay.
 */
export function createQuota(client: Client, policy: Policy | undefined): EnvironmentQuota {
  const started = new Map<string, { owner: string; at: number }>();

  /** Workflow ids of live environments, at most a few more than `limit`. */
  async function listed(owner: string, limit: number): Promise<string[]> {
    const query = environmentQuery({ owner }, Date.now());
    const page = { query, binding: query, limit: limit + replaced, cursor: undefined, memoKeys: [] };
    return (await listPage(client, page)).items.map(({ workflowId }) => workflowId);
  }

  function startedBy(owner: string): string[] {
    const since = Date.now() - listedAfterMs;
    for (const [id, { at }] of started) if (at < since) started.delete(id);
    return [...started].filter(([, one]) => one.owner === owner).map(([id]) => id);
  }

  const allowed = (owner: string): number | null => (policy ? limitsOf(policy, owner).environments : null);

  return {
    isLimited: (owner) => allowed(owner) !== null,
    used: async (owner) => (await client.workflow.count(environmentQuery({ owner }, Date.now()))).count,
    async reserve(owner, name) {
      const environments = allowed(owner);
      if (environments === null) return;
      const id = environmentWorkflowId(name);
      const before = await listed(owner, environments);
      // No other request runs between here and the reservation.
      const others = new Set([...before, ...startedBy(owner)]);
      others.delete(id);
      if (others.size >= environments) throw tooMany(owner, others.size, environments);
      started.set(id, { owner, at: Date.now() });
    },
    release: (name) => void started.delete(environmentWorkflowId(name)),
  };
}

const tooMany = (owner: string, used: number, allowed: number): Problem =>
  new Problem(
    'TooManyEnvironments',
    `${owner} has ${used} environments, and the policy allows ${allowed}. DELETE one, or ask an operator to change the policy.`,
  );
