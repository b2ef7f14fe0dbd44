import { useRefusal } from '../../api/me.ts';
import { Button } from '../../components/Button.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { submitText } from './planTexts.ts';
import { refusedFields } from './refusedFields.ts';
import type { RequestBody } from './requestBody.ts';
import type { Creation } from './useCreation.ts';
import type { PlanState } from './usePlan.ts';
import styles from './Plan.module.css';

interface CreateButtonProps {
  request: RequestBody;
  state: PlanState;
  creation: Creation;
}

/** The button that sends the request; it says what that does, or why it cannot be sent. */
export function CreateButton({ request, state, creation }: CreateButtonProps) {
  const refusal = useRefusal()('createEnvironment', request.body.owner);
  const reason = refusal ?? reasonToWait(request, state);
  const { plan, isCurrent } = state;
  const text =
    plan && isCurrent ? submitText(request.body.name, plan) : `Provision ${request.body.name || 'the environment'}`;
  return (
    <div className={styles['create']}>
      <Button
        type="submit"
        kind="primary"
        disabled={reason !== undefined}
        aria-describedby="create-reason"
        busy={creation.isPending ? `Requesting ${request.body.name}…` : undefined}
      >
        {text}
      </Button>
      <p id="create-reason" className={styles['quiet']}>
        {reason ?? (withoutPlan(state) && 'No plan can be made now. The request can be sent without one.')}
      </p>
      {creation.error && <RequestProblem what="The environment was not created" error={creation.error} />}
    </div>
  );
}

/** Whether none can be made now. The request may still be sent. */
const withoutPlan = ({ error, failureReason, isCurrent }: PlanState): boolean =>
  !isCurrent && (error ?? failureReason) !== null;

function reasonToWait(request: RequestBody, state: PlanState): string | undefined {
  const { plan, isCurrent, error } = state;
  if (Object.keys(refusedFields(request, error)).length > 0) return 'Some fields need a value or a correction.';
  if (withoutPlan(state)) return undefined;
  if (!isCurrent || !plan) return 'Waiting for the plan.';
  return plan.ok ? undefined : 'The plan blocks: follow the remedies below, or change the fields.';
}
