import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { hasManagedNetwork } from '../domain/managedNetwork.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { limitsOf } from '../domain/ownerLimits.ts';
import type { Policy } from '../domain/ownerLimits.ts';
import { planOf } from '../domain/plan.ts';
import type { PlanFacts } from '../domain/plan.ts';
import { Problem } from '../domain/problem.ts';
import { planWorkflowId, planWorkflowType } from '../workflows/messages.ts';
import type { PlanInput } from '../workflows/messages.ts';
import type { Plans } from './contracts.ts';
import { readSuffix } from './claimSuffix.ts';
import { createQuota } from './environmentQuota.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import { mergeFindings, requestFindings } from './requestFindings.ts';
import { requestWorkflow } from './requestWorkflow.ts';
import { specHash } from './specHash.ts';
import { mapUnavailable } from './unavailable.ts';
import { createUsualDurations } from './usualDurations.ts';

export interface PlansOptions {
  /** of new environments */
  subscriptionId: string;
  /** real seconds for one of Azure's: 1 on Azure, less on an emulator */
  timeScale: number;
  /** what owners may have; default: there are no limits */
  policy?: Policy;
}

/** The failure of the workflow as a problem; any other error as it is. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure))
    return new Problem('Unavailable', 'No worker responds, or Azure Resource Manager does not answer in time.', {
      retryAfter: 5,
    });
  const [failure] = (cause.details ?? []) as [{ remedy?: string }?];
  return new Problem('PlanFailed', [`${cause.type}: ${cause.message}`, failure?.remedy].filter(Boolean).join(' '));
}

const readFacts = (client: Client, input: PlanInput): Promise<PlanFacts> =>
  requestWorkflow<PlanFacts>(client, planWorkflowType, {
    workflowId: planWorkflowId(input.ref.name, randomUUID()),
    input,
  }).catch((error: unknown) => {
    throw problemOf(error);
  });

/** Plans by the workflow `plan`, because the API has no access to the target cloud. */
export function createPlans(client: Client, { subscriptionId, timeScale, policy }: PlansOptions): Plans {
  const usualDuration = createUsualDurations(client, timeScale);
  const quota = createQuota(client, policy);
  const { namespace } = client.options;
  const reader = createEnvironmentReader(
    client,
    { temporalUi: null, namespace, subscriptionId },
    async (shown) => shown,
  );
  return mapUnavailable<Plans>({
    async plan(spec) {
      const ref = environmentRefOf(subscriptionId, spec);
      const { holder, namesFreedAt } = await readSuffix(client, { subscriptionId, suffix: spec.suffix });
      const allowed = policy ? limitsOf(policy, spec.owner).environments : null;
      const [facts, stored, used] = await Promise.all([
        readFacts(client, { ref, spec, specHash: specHash(spec), namesFreedAt }),
        reader.find(spec.name),
        allowed === null ? 0 : quota.used(spec.owner),
      ]);
      const findings = mergeFindings(requestFindings(spec, stored, holder, { used, allowed }), facts.findings);
      return planOf(ref, spec, { ...facts, findings }, await usualDuration(facts, hasManagedNetwork(spec)));
    },
  });
}
