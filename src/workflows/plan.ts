import { isCancellation } from '@temporalio/workflow';
import { adoptedRef } from '../domain/adoption.ts';
import { isBrought } from '../domain/broughtResources.ts';
import { criticalPath, usualDuration } from '../domain/durations.ts';
import { byMethod } from '../domain/methodComparison.ts';
import type { PlanFacts } from '../domain/plan.ts';
import { activityOptions, armRead } from './armActivities.ts';
import type { PlanInput } from './messages.ts';
import { failureOf, runFailure, unwrapCancellation } from './runFailure.ts';
import { recordSequence } from './sequence.ts';

/** Reads what a plan needs: the findings of preflight, and how the resources that exist differ from the spec. Changes nothing. */
export async function plan(input: PlanInput): Promise<PlanFacts> {
  const { spec } = input;
  try {
    const { findings, inventory, ids, adoption } = await armRead.preflight.executeWithOptions(
      // dozens of reads, which the rate limit delays while runs are in progress
      { ...activityOptions('preflight', 'check', 'environment'), startToCloseTimeout: '5 minutes' },
      [{ ...input, waits: false }],
    );
    const ref = adoptedRef(input.ref, ids);
    const existing =
      inventory.length === 0
        ? {}
        : await armRead.compareResources.executeWithOptions(activityOptions('preflight', 'compare', 'resources'), [
            { ref, spec, inventory },
          ]);
    const isAdopted = (task: string): boolean => {
      const key = task.replace('ensure:', '');
      return existing[key] === 'adopt' || isBrought(ref, { key });
    };
    const seconds = criticalPath(recordSequence(ref, spec), (task) =>
      isAdopted(task) ? { min: 0, max: 0 } : usualDuration(task),
    );
    const methods = byMethod(spec, (one) => criticalPath(recordSequence(ref, one)));
    return {
      findings,
      existing,
      seconds,
      ...(!spec.adopt && { methods }),
      ...(ids && { ids }),
      ...(adoption && { adoption }),
    };
  } catch (thrown) {
    const error = unwrapCancellation(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'preflight', input.ref));
  }
}
