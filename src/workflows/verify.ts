import { isCancellation } from '@temporalio/workflow';
import { endOf, failureOf, runFailure } from './failure.ts';
import { proveIsolation } from './isolation.ts';
import type { VerifyInput, VerifyResult } from './messages.ts';

/** Proves the isolation of a standing environment once more. */
export async function verify({ site, runId }: VerifyInput): Promise<VerifyResult> {
  try {
    return { isolation: await proveIsolation({ site, runId }) };
  } catch (thrown) {
    const error = endOf(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'verify'));
  }
}
