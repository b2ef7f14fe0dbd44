import type { Proof } from '../domain/environment.ts';
import { newFailure } from '../domain/failures.ts';
import { evaluateJumpbox } from '../domain/insideProbe.ts';
import { isolationOf } from '../domain/isolationSpec.ts';
import type { IsolationSpec } from '../domain/isolationSpec.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { brokenIsolation, proofOf, rowsFrom, verdictOf } from '../domain/proof.ts';
import type { FoundRow, RowVerdict } from '../domain/proof.ts';
import { fillIn } from '../domain/remedies.ts';
import { activityOptions, armRead } from './armActivities.ts';
import { report } from './observations.ts';
import { runFailure } from './runFailure.ts';
import type { FailedEvidence } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';

/** What the spec requests is proved; absent members: closed. */
export interface ProveRun extends Partial<IsolationSpec> {
  ref: EnvironmentRef;
  runId: string;
  /** of the environment's previous proof */
  previousVerdicts?: RowVerdict[] | undefined;
}

/** Names that the jumpbox reports, from inside and outwards. */
async function probeOnJumpbox({ ref, runId }: ProveRun): Promise<FoundRow[]> {
  const { rows } = await runOnJumpbox({ ref, runId, step: 'verify' }, 'verify', {});
  const { inside, outward } = evaluateJumpbox(ref, rows);
  const at = new Date().toISOString();
  return [...rowsFrom('inside', at, inside), ...rowsFrom('outward', at, outward)];
}

/** Observes the isolation from outside, from inside and from ARM. `settleMs`: how long to wait where a change may not be in effect yet. */
export async function observeIsolation(run: ProveRun): Promise<{ rows: FoundRow[]; settleMs: number }> {
  const input = { ref: run.ref, ...isolationOf(run) };
  const [jumpbox, outside, arm] = await Promise.all([
    probeOnJumpbox(run),
    armRead.proveOutside.executeWithOptions(activityOptions('verify', 'probe', 'outside'), [input]),
    armRead.proveFromArm.executeWithOptions(activityOptions('verify', 'check', 'resources'), [input]),
  ]);
  return { rows: [...outside.rows, ...jumpbox, ...arm.rows], settleMs: outside.settleMs };
}

/** The proof that consists of the rows, now. */
export function proofNow(rows: readonly FoundRow[], previousVerdicts: readonly RowVerdict[] = []): Proof {
  const proof = proofOf(rows, new Date().toISOString(), previousVerdicts);
  report.proofMade(verdictOf(proof));
  return proof;
}

/** What a run knows about failed rows beyond the proof, and how to fix it. */
interface Explanation {
  notes?: readonly string[];
  remedies?: readonly string[];
}

/** Throws `IsolationBroken`, with what was proved, when a row has failed. */
export function assertIsolated(
  { name }: EnvironmentRef,
  rows: readonly FoundRow[],
  evidence: FailedEvidence,
  { notes = [], remedies = [] }: Explanation = {},
): void {
  const broken = brokenIsolation(rows);
  if (!broken) return;
  const message = [broken.message, ...notes].join('\n');
  const remedy = [...new Set([...remedies.filter(Boolean), broken.remedy])].join('\n');
  throw runFailure(newFailure({ type: 'IsolationBroken', message, remedy: fillIn(remedy, { name }) }), evidence);
}

/** Proves the isolation. Throws `IsolationBroken`, with the proof, when a row has failed. */
export async function proveIsolation(run: ProveRun): Promise<Proof> {
  const { rows } = await observeIsolation(run);
  const proof = proofNow(rows, run.previousVerdicts);
  assertIsolated(run.ref, rows, { proof });
  return proof;
}
