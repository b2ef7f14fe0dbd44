import { isolationOf } from '../../domain/isolationSpec.ts';
import { hasManagedNetwork } from '../../domain/managedNetwork.ts';
import { rowsFrom } from '../../domain/proof.ts';
import type { FoundRow } from '../../domain/proof.ts';
import type { ActivityDeps } from '../deps.ts';
import { accessRows } from './accessRows.ts';
import { readIsolation } from './armReadings.ts';
import { connectionRows } from './connectionRows.ts';
import { dnsRows } from './dnsRows.ts';
import { managedNetworkRows } from './managedNetworkRows.ts';
import { networkRows } from './networkRows.ts';
import type { ProveInput } from './proveOutside.ts';

/** Reads the environment's resources and compares them with what isolates it, as the spec requests. */
export async function proveFromArm(
  { azure }: ActivityDeps,
  { ref, ...requested }: ProveInput,
): Promise<{ rows: FoundRow[] }> {
  const spec = isolationOf(requested);
  const readings = await readIsolation(azure, ref);
  const found = [
    ...accessRows(ref, readings, spec),
    ...(hasManagedNetwork(spec) ? managedNetworkRows(ref, readings, spec) : []),
    ...connectionRows(ref, readings, spec),
    ...dnsRows(ref, readings),
    ...networkRows(ref, readings),
  ];
  return { rows: rowsFrom('arm', new Date().toISOString(), found) };
}
