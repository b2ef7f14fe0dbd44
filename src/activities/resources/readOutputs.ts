import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { readEndpoint } from './readEndpoint.ts';

/** The outputs of a ready environment. Throws `NotYetConsistent` while the endpoint has no scoring URI. */
export async function readOutputs(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ scoringUri: string; workspaceId: string }> {
  const { scoringUri } = await readEndpoint(deps, { ref });
  return { scoringUri, workspaceId: plannedResource(ref, 'workspace').id };
}
