import { rowsFrom } from '../../domain/proof.ts';
import type { FoundRow } from '../../domain/proof.ts';
import type { ActivityDeps } from '../deps.ts';
import { accessRows } from './accessRows.ts';
import { readIsolation } from './armReadings.ts';
import { connectionRows } from './connectionRows.ts';
import { dnsRows } from './dnsRows.ts';
import { networkRows } from './networkRows.ts';
import type { ProveInput } from './proveOutside.ts';

/** Reads the environment's resources and compares them with what isolates it. */
export async function proveFromArm(
  { azure }: ActivityDeps,
  { ref, workspacePublicNetworkAccess = 'disabled' }: ProveInput,
): Promise<{ rows: FoundRow[] }> {
  const readings = await readIsolation(azure, ref);
  const found = [
    ...accessRows(ref, readings, workspacePublicNetworkAccess === 'enabled'),
    ...connectionRows(ref, readings),
    ...dnsRows(ref, readings),
    ...networkRows(ref, readings),
  ];
  return { rows: rowsFrom('arm', new Date().toISOString(), found) };
}
