import { useMutation, useQueryClient } from '@tanstack/react-query';
import { verifyEnvironment } from '../../../../../src/client/index.ts';
import type { Environment } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import { proofPaths } from '../../../api/proof.ts';
import { environmentQuery } from '../../../api/queries.ts';
import { Button, buttonClass } from '../../../components/Button.tsx';
import { Duration } from '../../../components/Duration.tsx';
import { RequestProblem } from '../../../components/Problem.tsx';
import styles from './ProofTab.module.css';

/** Prove the isolation now, and take the signed proof away. */
export function ProofActions({ environment }: { environment: Environment }) {
  const { name, run, state } = environment;
  const queryClient = useQueryClient();
  const verify = useMutation({
    mutationFn: () => dataOf(verifyEnvironment({ path: { name } })),
    onSuccess: (changed) => queryClient.setQueryData(environmentQuery(name).queryKey, changed),
  });
  const isVerifying = run?.kind === 'verify';
  const paths = proofPaths(name);
  return (
    <div>
      <div className={styles['actions']}>
        <Button
          kind="primary"
          disabled={state !== 'ready'}
          busy={verify.isPending ? 'Requesting…' : isVerifying ? 'Verifying…' : undefined}
          onClick={() => verify.mutate()}
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
      <p role="status" className={styles['note']}>
        {isVerifying ? (
          <>
            {run.id} has been running for <Duration from={run.startedAt} to={null} />; usually a minute or two on Azure.
          </>
        ) : (
          consequenceOf(environment)
        )}
      </p>
      {verify.error && <RequestProblem what="The proof was not started" error={verify.error} />}
    </div>
  );
}

function consequenceOf({ name, state, spec }: Environment): string {
  if (state !== 'ready') return `${name} is ${state}; only a ready environment can be verified.`;
  return spec?.onDrift === 'repair'
    ? 'Repeats every check, and closes again what was opened (onDrift: repair).'
    : 'Repeats every check and changes nothing (onDrift: report).';
}
