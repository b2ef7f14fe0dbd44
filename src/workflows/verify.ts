import { isCancellation } from '@temporalio/workflow';
import { unwrapCancellation, failureOf, evidenceIn, runFailure } from './runFailure.ts';
import { proveIsolation } from './proveIsolation.ts';
import type { VerifyInput, VerifyResult } from './messages.ts';

/** Proves the isolation of a ready environment again. */
export async function verify(input: VerifyInput): Promise<VerifyResult> {
  try {
    return { proof: await proveIsolation(input) };
  } catch (thrown) {
    const error = unwrapCancellation(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'verify', input.ref), evidenceIn(error));
  }
}
