import type { ProofRow } from '../domain/environment.ts';
import { evaluateInside } from '../domain/insideProbe.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { activityOptions, armRead } from './armActivities.ts';
import { runFailureOf } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';

/** Probes the environment from inside and outside its network. Throws `IsolationBroken` when a row has failed. */
export async function proveIsolation({ ref, runId }: { ref: EnvironmentRef; runId: string }): Promise<ProofRow[]> {
  const [inside, outside, rule] = await Promise.all([
    runOnJumpbox({ ref, runId, step: 'verify' }, 'verify', {}),
    armRead.proveOutside.executeWithOptions(activityOptions('verify', 'probe', 'outside'), [{ ref }]),
    armRead.checkInternetRule.executeWithOptions(activityOptions('verify', 'check', 'buildInternetRule'), [{ ref }]),
  ]);
  const rows = [...inside.rows.map(evaluateInside), ...outside.rows, rule];
  const failed = rows.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0)
    throw runFailureOf(
      'IsolationBroken',
      failed.map(({ check, observed }) => `${check}: ${observed}`).join('\n'),
      'Check the named resource for a changed public access flag, DNS zone or network rule; then POST the environment again.',
    );
  return rows;
}
