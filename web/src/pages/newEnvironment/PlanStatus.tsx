import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { icons } from '../../components/icons.tsx';
import { useNow } from '../../components/now.ts';
import { RequestProblem } from '../../components/Problem.tsx';
import { FieldErrorList } from './FieldErrorList.tsx';
import { refusedFields } from './refusedFields.ts';
import type { RequestBody } from './requestBody.ts';
import type { PlanState } from './usePlan.ts';
import styles from './Plan.module.css';

/** Whether the plan is that of the present input, and why not. */
export function PlanStatus({ request, state }: { request: RequestBody; state: PlanState }) {
  const { plan, isCurrent, error, failureReason, repeat } = state;
  const refused = refusedFields(request, error);
  const isRefused = Object.keys(refused).length > 0;
  return (
    <div className={styles['status']}>
      <p role="status" className={styles['sentence']}>
        {isRefused && 'The plan needs:'}
        {isCurrent && plan && <Verdict findings={plan.findings} />}
        {!isRefused && !isCurrent && (error ? 'No plan.' : <Planning />)}
      </p>
      {isRefused && <FieldErrorList errors={refused} />}
      {!isCurrent && plan && <p className={styles['quiet']}>Below is the earlier plan.</p>}
      {!isCurrent && failureReason && !error && (
        <p className={styles['quiet']}>{failureReason.message} Trying again.</p>
      )}
      {error && !isRefused && (
        <>
          <RequestProblem what="The plan could not be made" error={error} />
          <div>
            <Button onClick={repeat}>Plan again</Button>
          </div>
        </>
      )}
    </div>
  );
}

/** Words for a plan that takes longer than usual, as it does without a worker. */
function Planning() {
  const [since] = useState(Date.now);
  return useNow() - since < 4_000 ? 'Planning…' : 'Planning takes longer than usual. A worker must be running.';
}

function Verdict({ findings }: { findings: readonly { severity: string }[] }) {
  const countOf = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length;
  const [blocking, warnings, unknown] = [countOf('blocks'), countOf('warns'), countOf('unknown')];
  const others = [
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
    ...(unknown === 0 ? [] : [`${unknown} could not be checked`]),
  ];
  return (
    <>
      <span className={`${styles['verdict']} ${blocking === 0 ? styles['good'] : styles['blocks']}`}>
        {blocking === 0 ? icons.check : icons.cross}
        {blocking === 0
          ? 'Nothing blocks.'
          : `${blocking} ${blocking === 1 ? 'finding blocks' : 'findings block'} this request.`}
      </span>
      {others.length > 0 && <span className={styles['quiet']}> {others.join(', ')}</span>}
    </>
  );
}
