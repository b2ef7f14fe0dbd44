import type { Environment, Receipt, RunRecord } from '../../../../../src/client/index.ts';
import { ProofRows } from '../proof/ProofRows.tsx';
import { Repairs } from '../proof/Repairs.tsx';
import { Findings } from './Findings.tsx';
import { ImageFacts } from './ImageFacts.tsx';
import { LocalTryFacts } from './LocalTryFacts.tsx';
import { PolicyChanges } from './PolicyChanges.tsx';
import { ProofLine } from './ProofLine.tsx';
import { ScoreFacts } from './ScoreFacts.tsx';
import { StepDurations } from './StepDurations.tsx';
import { TeardownEvidence } from './TeardownEvidence.tsx';

interface RunReceiptProps {
  receipt: Receipt;
  run: RunRecord;
  environment: Environment;
}

/** The evidence that a run leaves, by what it has. */
export function RunReceipt({ receipt, run, environment }: RunReceiptProps) {
  if ('removed' in receipt) return <TeardownEvidence receipt={receipt} />;
  if ('status' in receipt) return <ScoreFacts score={receipt} />;
  const { findings, proof } = receipt;
  const isVerify = run.kind === 'verify';
  return (
    <>
      {run.kind === 'provision' && <StepDurations run={run} steps={environment.steps} />}
      {findings && <Findings findings={findings} />}
      {'image' in receipt && <ImageFacts image={receipt.image} />}
      {'localTry' in receipt && receipt.localTry && <LocalTryFacts localTry={receipt.localTry} />}
      {'policyChanges' in receipt && <PolicyChanges changes={receipt.policyChanges} />}
      {'repairs' in receipt && <Repairs repairs={receipt.repairs ?? []} />}
      {proof && <ProofLine proof={proof} />}
      {proof && isVerify && <ProofRows rows={proof.rows} />}
      {'score' in receipt && <ScoreFacts score={receipt.score} />}
    </>
  );
}
