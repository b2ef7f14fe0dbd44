import { useQuery } from '@tanstack/react-query';
import type { Environment, Proof } from '../../../../../src/client/index.ts';
import { proofQuery } from '../../../api/proof.ts';
import { runsQuery } from '../../../api/runs.ts';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { RunFailure } from '../../../components/Problem.tsx';
import type { TabProps } from '../tabs.tsx';
import { ProofActions } from './ProofActions.tsx';
import { ProofChanges } from './ProofChanges.tsx';
import { ProofRows } from './ProofRows.tsx';
import { ProofSummary } from './ProofSummary.tsx';
import { Repairs } from './Repairs.tsx';
import styles from './ProofTab.module.css';

/** The newest proof of isolation: what changed, whether it is complete, and every row. */
export default function ProofTab({ environment }: TabProps) {
  const { name, state, proof } = environment;
  if (proof) return <NewestProof environment={environment} proof={proof} />;
  return (
    <EmptyState title="No proof yet" command={`curl ${location.origin}/environments/${name}/proof`}>
      The step verify proves the isolation: from outside, from inside, and as configured in ARM. {name} is {state}; no
      run has proved its isolation yet.
    </EmptyState>
  );
}

function NewestProof({ environment, proof }: { environment: Environment; proof: Proof }) {
  const { data: document } = useQuery(proofQuery(environment.name, proof, environment.run?.id));
  const { data: runs } = useQuery(runsQuery(environment));
  const run = runs?.find(({ id }) => id === document?.run?.id);
  const repairs = run?.receipt && 'repairs' in run.receipt ? (run.receipt.repairs ?? []) : [];
  return (
    <div className={styles['tab']}>
      <ProofActions environment={environment} />
      <ProofSummary environment={environment} proof={proof} document={document} />
      <ProofChanges changes={proof.changes} />
      {run?.failure && <RunFailure failure={run.failure} />}
      <Repairs repairs={repairs} />
      <ProofRows rows={proof.rows} />
    </div>
  );
}
