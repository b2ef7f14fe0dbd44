import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { resourceHandle } from './resourceType.ts';
import { authModeOf } from './types/onlineEndpoint.ts';

/** What a client of the endpoint needs. Throws `NotYetConsistent` while the endpoint has no scoring URI. */
export async function readEndpoint(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ endpointId: string; scoringUri: string; authMode: Spec['authMode'] }> {
  const { id: endpointId } = plannedResource(ref, 'onlineEndpoint');
  const { clients, group, names } = resourceHandle(azure, endpointId);
  const { properties } = await clients.machineLearning.onlineEndpoints.get(group, names[0]!, names[1]!);
  const { scoringUri, authMode } = properties;
  if (!scoringUri) throw retryLater(`online endpoint ${names[1]} has no scoring URI yet`, azure.delayMs(5));
  return { endpointId, scoringUri, authMode: authModeOf(authMode) };
}
