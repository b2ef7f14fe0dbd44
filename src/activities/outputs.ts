import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { notYet } from './failure.ts';
import type { Deps } from './guarded.ts';
import { at } from './noun.ts';

/** What a ready environment is used by. Throws `NotYetConsistent` while the endpoint has no scoring URI. */
export async function readOutputs(
  { azure }: Deps,
  { site }: { site: EnvironmentRef },
): Promise<{ scoringUri: string; workspaceId: string }> {
  const endpoint = plannedResource(site, 'onlineEndpoint');
  const { clients, group, names } = at(azure, endpoint.id);
  const { properties } = await clients.machineLearning.onlineEndpoints.get(group, names[0]!, names[1]!);
  if (!properties.scoringUri) {
    throw notYet('NotYetConsistent', `online endpoint ${names[1]} has no scoring URI yet`, '', azure.pace(5));
  }
  return { scoringUri: properties.scoringUri, workspaceId: plannedResource(site, 'workspace').id };
}
