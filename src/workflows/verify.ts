import { isCancellation, sleep } from '@temporalio/workflow';
import { verdictsOf } from '../domain/proof.ts';
import type { FoundRow } from '../domain/proof.ts';
import { isSettling, plannedRepairs } from '../domain/repairs.ts';
import type { PlannedRepair } from '../domain/repairs.ts';
import { changeNotes, readLastChanges } from './lastChanges.ts';
import type { VerifyInput, VerifyResult } from './verifyMessages.ts';
import { assertIsolated, observeIsolation, proofNow } from './proveIsolation.ts';
import { repairDrift } from './repairDrift.ts';
import { brokenProofIn, evidenceIn, failureOf, runFailure, unwrapCancellation } from './runFailure.ts';

/** A rule of a registry takes effect minutes after it was written (Azure docs: container registry, public IP network rules). */
const settlingProofs = 6;

/** Proves the isolation of a ready environment again. With `onDrift: repair`, closes what is open and proves once more. */
export async function verify(input: VerifyInput): Promise<VerifyResult> {
  try {
    return await proveAndRepair(input);
  } catch (thrown) {
    const error = unwrapCancellation(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'verify', input.ref), {
      ...evidenceIn(error),
      brokenProof: brokenProofIn(error),
    });
  }
}

async function proveAndRepair(input: VerifyInput): Promise<VerifyResult> {
  const { ref, onDrift } = input;
  const { rows } = await observeIsolation(input);
  const proof = proofNow(rows, input.previousVerdicts);
  const planned = plannedRepairs(ref, rows);
  const changes = planned.length > 0 ? await readLastChanges(input, planned) : null;
  if (changes === null || onDrift === 'report') {
    const proved = { proof, repairs: [], brokenProof: null };
    assertIsolated(ref, rows, proved, { notes: changes ? changeNotes(changes) : [] });
    return proved;
  }
  const { repairs, unrepaired } = await repairDrift(input, planned, changes);
  const repairedRows = await observeRepaired(input, planned);
  const proved = { proof: proofNow(repairedRows, verdictsOf(proof)), repairs, brokenProof: proof };
  assertIsolated(ref, repairedRows, proved, {
    notes: unrepaired.map(({ message }) => message),
    remedies: unrepaired.map(({ remedy }) => remedy),
  });
  return proved;
}

/** Observes the isolation after a repair: again while a service that was closed still answers from outside. */
async function observeRepaired(input: VerifyInput, planned: readonly PlannedRepair[]): Promise<FoundRow[]> {
  for (let attempt = 1; ; attempt++) {
    // the run commands on the jumpbox have names of their own
    const runId = `${input.runId}-repaired-${attempt}`;
    const { rows, settleMs } = await observeIsolation({ ...input, runId });
    if (attempt === settlingProofs || !isSettling(rows, planned)) return rows;
    await sleep(settleMs);
  }
}
