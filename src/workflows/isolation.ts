import type { IsolationRow } from '../domain/environment.ts';
import { judgeInside } from '../domain/isolation.ts';
import type { Site } from '../domain/naming.ts';
import { read, told } from './arm.ts';
import { finding } from './failure.ts';
import { onJumpbox } from './jumpbox.ts';

/** Tries everything from inside and from outside. Throws `IsolationBroken` when a row has failed. */
export async function proveIsolation({ site, runId }: { site: Site; runId: string }): Promise<IsolationRow[]> {
  const [inside, outside, rule] = await Promise.all([
    onJumpbox({ site, runId, step: 'verify' }, 'verify', {}),
    read.proveOutside.executeWithOptions(told('verify', 'try from outside'), [{ site }]),
    read.checkInternetRule.executeWithOptions(told('verify', 'check that the Internet rule is gone'), [{ site }]),
  ]);
  const rows = [...inside.rows.map(judgeInside), ...outside.rows, rule];
  const failed = rows.filter(({ verdict }) => verdict === 'failed');
  if (failed.length > 0)
    throw finding(
      'IsolationBroken',
      failed.map(({ check, observed }) => `${check}: ${observed}`).join('\n'),
      'Look at the named resource for a changed public access flag, DNS zone or network rule; then POST the environment again.',
    );
  return rows;
}
