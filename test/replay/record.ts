/**
 * Records the missing workflow histories in `test/replay/histories`: `node test/replay/record.ts`. Every workflow type has one history
 * per ending, named `{workflow type}-{ending}`. To record a history again, delete its file first.
 */
import { startTemporalServer } from '../workflows/temporalServer.ts';
import {
  recordContinueAsNew,
  recordLeaseRenewals,
  recordProtectedFailure,
  recordRecoveries,
} from './recordEnvironments.ts';
import { recordMoves } from './recordMoves.ts';
import { recordRepetitions } from './recordProofs.ts';
import { recordRequests } from './recordRequests.ts';
import {
  recordCancelledRuns,
  recordDeletedWhileProvisioning,
  recordFailures,
  recordInternetRules,
  recordSuccess,
  recordTeardownOnFailure,
} from './recordRuns.ts';
import {
  recordEventDelivery,
  recordExpiry,
  recordOrphan,
  recordRenewedDuringTeardown,
  recordSweepEndings,
} from './recordSweeps.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';

/** Runs the recordings one after the other on a Temporal server of their own. */
async function recordAll(
  recordings: ((recorder: Recorder) => Promise<void>)[],
  dynamicConfig: string[] = [],
): Promise<void> {
  const server = await startTemporalServer({ dynamicConfig });
  try {
    const recorder = await createRecorder(server.address);
    try {
      for (const record of recordings) await record(recorder);
    } finally {
      await recorder.moat.close();
    }
  } finally {
    await server.stop();
  }
}

await recordAll([
  // Sweeps first: they cover every environment of the server.
  recordExpiry,
  recordRenewedDuringTeardown,
  recordOrphan,
  recordSweepEndings,
  recordEventDelivery,
  recordSuccess,
  recordCancelledRuns,
  recordFailures,
  recordTeardownOnFailure,
  recordInternetRules,
  recordDeletedWhileProvisioning,
  recordProtectedFailure,
  recordLeaseRenewals,
  recordRecoveries,
  recordRequests,
  recordRepetitions,
  recordMoves,
]);
await recordAll([recordContinueAsNew], ['limit.historyCount.suggestContinueAsNew=60']);
