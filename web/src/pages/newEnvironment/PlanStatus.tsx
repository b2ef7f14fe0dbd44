import { RequestProblem } from '../../components/Problem.tsx';
import { FieldErrorList } from './FieldErrorList.tsx';
import type { RequestBody } from './requestBody.ts';
import { apiFieldErrors } from './useCreation.ts';
import type { PlanState } from './usePlan.ts';
import { Button } from '../../components/Button.tsx';
import { icons } from '../../components/icons.tsx';
import styles from './Plan.module.css';

/** Whether the plan is that of the present input, and why not. */
export function PlanStatus({ request, state }: { request: RequestBody; state: PlanState }) {
  const refused = { ...request.errors, ...apiFieldErrors(state.error) };
  const { plan, isCurrent, error, failureReason, repeat } = state;
  if (Object.keys(refused).length > 0)
    return (
      <div className={styles['status']}>
        <p>{plan ? 'This is the plan of an earlier input. A new one needs:' : 'The plan needs:'}</p>
        <FieldErrorList errors={refused} />
      </div>
    );
  if (error)
    return (
      <>
        <RequestProblem what="The plan could not be made" error={error} />
        <div>
          <Button onClick={repeat}>Plan again</Button>
        </div>
      </>
    );
  return (
    <div className={styles['status']}>
      <p role="status">
        {isCurrent && plan ? <Verdict blocking={plan.findings.filter(blocks).length} /> : 'Planning…'}
      </p>
      {!isCurrent && plan && <p className={styles['quiet']}>Below is the plan of the earlier input.</p>}
      {!isCurrent && failureReason && <p className={styles['quiet']}>{failureReason.message} Trying again.</p>}
    </div>
  );
}

const blocks = ({ severity }: { severity: string }): boolean => severity === 'blocks';

function Verdict({ blocking }: { blocking: number }) {
  const isGood = blocking === 0;
  return (
    <span className={`${styles['verdict']} ${isGood ? styles['good'] : styles['blocks']}`}>
      {isGood ? icons.check : icons.cross}
      {isGood ? 'Nothing blocks.' : `${blocking} ${blocking === 1 ? 'finding blocks' : 'findings block'} this request.`}
    </span>
  );
}
