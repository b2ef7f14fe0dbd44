import { verifyEnvironment } from '../../../../../src/client/index.ts';
import type { Environment } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import { useRefusal } from '../../../api/me.ts';
import { proofPaths } from '../../../api/proof.ts';
import { Button, buttonClass } from '../../../components/Button.tsx';
import { Duration } from '../../../components/Duration.tsx';
import { RequestProblem } from '../../../components/Problem.tsx';
import { useAction } from '../actions/useAction.ts';
import styles from './ProofTab.module.css';

/** Prove the isolation now, and take the signed proof away. */
export function ProofActions({ environment }: { environment: Environment }) {
  const { name, run, actions, owner } = environment;
  const refusal = useRefusal();
  const verify = useAction(
    () => dataOf(verifyEnvironment({ path: { name } })),
    () => {},
  );
  const isVerifying = run?.kind === 'verify';
  const paths = proofPaths(name);
  return (
    <div>
      <div className={styles['actions']}>
        <Button
          kind="primary"
          refusal={refusal('verifyEnvironment', owner)}
          disabled={!actions.includes('verify')}
          busy={verify.isPending ? 'Requesting…' : isVerifying ? 'Verifying…' : undefined}
          onClick={verify.send}
        >
          Verify now
        </Button>
        <a className={buttonClass('plain')} href={paths.json} download={`${name}-proof.json`}>
          Download (JSON, signed)
        </a>
        <a className={buttonClass('plain')} href={paths.html} target="_blank" rel="noreferrer">
          Page to print ↗
        </a>
      </div>
      <p className={styles['note']}>
        <span role="status">{isVerifying ? `${run.id} is running` : consequenceOf(environment)}</span>
        {isVerifying && (
          <>
            : <Duration from={run.startedAt} to={null} />, usually a minute or two on Azure
          </>
        )}
      </p>
      {verify.error && <RequestProblem what="The proof was not started" error={verify.error} />}
    </div>
  );
}

function consequenceOf({ name, state, run, actions, spec }: Environment): string {
  if (!actions.includes('verify'))
    return `${name} is ${run ? `busy with ${run.id}` : state}; a ready and idle environment can be verified.`;
  return spec?.onDrift === 'repair'
    ? 'Repeats every check, and closes again what was opened (onDrift: repair).'
    : 'Repeats every check and changes nothing (onDrift: report).';
}
