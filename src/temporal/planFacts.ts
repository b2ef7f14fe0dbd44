import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { adoptedRef } from '../domain/adoption.ts';
import type { Spec } from '../domain/environment.ts';
import { environmentRefOf } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { PlanFacts } from '../domain/plan.ts';
import { blocking } from '../domain/preflightReport.ts';
import { Problem } from '../domain/problem.ts';
import { planWorkflowId, planWorkflowType } from '../workflows/messages.ts';
import type { PlanInput } from '../workflows/messages.ts';
import { requestWorkflow } from './requestWorkflow.ts';
import { specHash } from './specHash.ts';

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

/** Reads by the workflow `plan` what a run would find. Throws PlanFailed, Unavailable. */
export const readPlanFacts = (client: Client, input: PlanInput): Promise<PlanFacts> =>
  requestWorkflow<PlanFacts>(client, planWorkflowType, {
    workflowId: planWorkflowId(input.ref.name, randomUUID()),
    input,
  }).catch((error: unknown) => {
    throw problemOf(error);
  });

/**
 * The names of a new environment. Those of one that is adopted are read first, with every check of a run, so that nothing is started that the
 * plan has not shown. Throws AdoptionRefused, PlanFailed, Unavailable.
 */
export async function newEnvironmentRef(client: Client, subscriptionId: string, spec: Spec): Promise<EnvironmentRef> {
  const ref = environmentRefOf(subscriptionId, spec);
  if (!spec.adopt) return ref;
  const { findings, ids } = await readPlanFacts(client, { ref, spec, specHash: specHash(spec) });
  const reasons = blocking(findings).map(({ rule, message, remedy }) => `${rule}: ${message}. ${remedy}`);
  if (reasons.length > 0) throw new Problem('AdoptionRefused', `Nothing was changed. ${reasons.join('\n')}`);
  return adoptedRef(ref, ids);
}
