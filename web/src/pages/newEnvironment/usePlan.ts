import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { planEnvironment } from '../../../../src/client/index.ts';
import type { NewEnvironment, Plan } from '../../../../src/client/index.ts';
import { ApiProblem, dataOf } from '../../api/apiProblem.ts';
import type { RequestBody } from './requestBody.ts';
import { useDebounced } from './useDebounced.ts';

/** Milliseconds without a change, after which the plan is asked for. */
const typingDelay = 400;

export interface PlanState {
  /** the newest plan, which may be that of an earlier input */
  plan: Plan | undefined;
  /** whether `plan` is that of the present input */
  isCurrent: boolean;
  /** why there is no plan of the present input */
  error: Error | null;
  /** why the last attempt failed, while it is repeated */
  failureReason: Error | null;
  repeat: () => void;
}

/** The plan of the body, while it changes. An answer to an earlier body is never shown as that of a later one. */
export function usePlan({ body, errors }: RequestBody): PlanState {
  const bodyText = JSON.stringify(body);
  const settled = useDebounced(bodyText, typingDelay);
  const isValid = Object.keys(errors).length === 0;
  const isSettled = settled === bodyText && isValid;
  const { data, error, failureReason, refetch, isFetching } = useQuery({
    queryKey: ['plan', settled],
    queryFn: ({ signal }) =>
      dataOf(planEnvironment({ body: JSON.parse(settled) as NewEnvironment, signal })).then((plan) => ({ plan })),
    enabled: isSettled,
    retry: (_count, problem) => problem instanceof ApiProblem && problem.isTemporary && !isFailedPlan(problem),
    // A plan describes one moment: it is not kept for when the same is entered later.
    gcTime: 0,
    staleTime: 'static',
  });
  const [last, setLast] = useState<{ bodyText: string; plan: Plan }>();
  if (data && last?.plan !== data.plan) setLast({ bodyText: settled, plan: data.plan });
  return {
    plan: last?.plan,
    isCurrent: isSettled && last?.bodyText === bodyText && !isFetching,
    error: isSettled && !isFetching ? error : null,
    failureReason: isSettled ? failureReason : null,
    repeat: () => void refetch(),
  };
}

const isFailedPlan = ({ problem }: ApiProblem): boolean => problem?.code === 'PlanFailed';
