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
  const reason = reasonToWait(request, state);
  const { plan, isCurrent } = state;
  const text = plan && isCurrent ? submitText(plan) : `Provision ${request.body.name || 'the environment'}`;
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
        {reason}
      </p>
      {creation.error && <RequestProblem what="The environment was not created" error={creation.error} />}
    </div>
  );
}

/** Without a plan, because none can be made, the request may still be sent. */
function reasonToWait(request: RequestBody, { plan, isCurrent, error, failureReason }: PlanState): string | undefined {
  if (Object.keys(refusedFields(request, error)).length > 0) return 'Some fields need a value or a correction.';
  if (error ?? failureReason) return undefined;
  if (!isCurrent || !plan) return 'Waiting for the plan.';
  return plan.ok ? undefined : 'The plan blocks: follow the remedies below, or change the fields.';
}
