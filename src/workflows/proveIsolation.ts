import type { Proof, Spec } from '../domain/environment.ts';
import { newFailure } from '../domain/failures.ts';
import { evaluateJumpbox } from '../domain/insideProbe.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { brokenIsolation, proofOf, rowsFrom } from '../domain/proof.ts';
import type { FoundRow, RowVerdict } from '../domain/proof.ts';
import { fillIn } from '../domain/remedies.ts';
import { activityOptions, armRead } from './armActivities.ts';
import { runFailure } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';

interface ProveRun {
  ref: EnvironmentRef;
  runId: string;
  /** of the spec */
  workspacePublicNetworkAccess: Spec['workspacePublicNetworkAccess'];
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

/** Proves the isolation from outside, from inside and from ARM. Throws `IsolationBroken`, with the proof, when a row has failed. */
export async function proveIsolation(run: ProveRun): Promise<Proof> {
  const { ref, workspacePublicNetworkAccess } = run;
  const input = { ref, workspacePublicNetworkAccess };
  const [jumpbox, outside, arm] = await Promise.all([
    probeOnJumpbox(run),
    armRead.proveOutside.executeWithOptions(activityOptions('verify', 'probe', 'outside'), [input]),
    armRead.proveFromArm.executeWithOptions(activityOptions('verify', 'check', 'resources'), [input]),
  ]);
  const rows = [...outside.rows, ...jumpbox, ...arm.rows];
  const proof = proofOf(rows, new Date().toISOString(), run.previousVerdicts);
  const broken = brokenIsolation(rows);
  if (broken) {
    const remedy = fillIn(broken.remedy, { name: ref.name });
    throw runFailure(newFailure({ type: 'IsolationBroken', message: broken.message, remedy }), { proof });
  }
  return proof;
}
