import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { lastLines, redactSecrets } from '../errors/failureText.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';

const lines = 40;
const bytes = 2_000;
/** In this order: a model that cannot be downloaded stops the first container, and the second has no log (REST reference: online deployments, get logs). */
const containers = ['InferenceServer', 'StorageInitializer'] as const;

/** The last lines of the deployment's container log, 2,000 bytes at most, without secrets; null where there is none. */
export async function readContainerLog(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ log: string | null }> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'deployment').id);
  const [workspace, endpoint, deployment] = names as [string, string, string];
  for (const containerType of containers) {
    const request = { containerType, tail: lines };
    const { onlineDeployments } = clients.machineLearning;
    const answer = await ignoreNotFound(
      azure,
      onlineDeployments.getLogs(group, workspace, endpoint, deployment, request),
    );
    const log = lastLines(redactSecrets(answer?.content ?? ''), lines, bytes);
    if (log.trim() !== '') return { log };
  }
  return { log: null };
}
