import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { resourceHandle } from './resourceType.ts';

/** The outputs of a ready environment. Throws `NotYetConsistent` while the endpoint has no scoring URI. */
export async function readOutputs(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ scoringUri: string; workspaceId: string }> {
  const endpoint = plannedResource(ref, 'onlineEndpoint');
  const { clients, group, names } = resourceHandle(azure, endpoint.id);
  const { properties } = await clients.machineLearning.onlineEndpoints.get(group, names[0]!, names[1]!);
  if (!properties.scoringUri) {
    throw retryLater(`online endpoint ${names[1]} has no scoring URI yet`, azure.delayMs(5));
  }
  return { scoringUri: properties.scoringUri, workspaceId: plannedResource(ref, 'workspace').id };
}
