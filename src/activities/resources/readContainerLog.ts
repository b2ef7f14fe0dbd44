import type { LogContainer, LogRange } from '../../domain/containerLog.ts';
import { maxLogBytes } from '../../domain/containerLog.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { lastLines, redactSecrets } from '../errors/failureText.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { sealedGroup } from './resourceGroup.ts';
import { resourceHandle } from './resourceType.ts';

const lines = 40;
const bytes = 2_000;
/** In this order: a model that cannot be downloaded stops the first container, and the second has no log (REST reference: online deployments, get logs). */
const containers = ['InferenceServer', 'StorageInitializer'] as const;
type ContainerType = (typeof containers)[number];
const containerTypes: Readonly<Record<LogContainer, ContainerType>> = {
  'inference-server': 'InferenceServer',
  'storage-initializer': 'StorageInitializer',
};

/** The client of the environment's deployment, and the names in its id. */
function deploymentOf({ azure }: ActivityDeps, ref: EnvironmentRef) {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'deployment').id);
  const [workspace, endpoint, deployment] = names as [string, string, string];
  const { onlineDeployments } = clients.machineLearning;
  return {
    exists: async () =>
      (await ignoreNotFound(azure, onlineDeployments.get(group, workspace, endpoint, deployment))) !== undefined,
    log: async (containerType: ContainerType, tail: number) =>
      (
        await ignoreNotFound(
          azure,
          onlineDeployments.getLogs(group, workspace, endpoint, deployment, { containerType, tail }),
        )
      )?.content,
  };
}

/** The last lines of the deployment's container log, 2,000 bytes at most, without secrets; null where there is none. */
export async function readContainerLog(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ log: string | null }> {
  const deployment = deploymentOf(deps, ref);
  for (const containerType of containers) {
    const content = await deployment.log(containerType, lines);
    const log = lastLines(redactSecrets(content ?? ''), lines, bytes);
    if (log.trim() !== '') return { log };
  }
  return { log: null };
}

/**
 * The last lines of one container's log, `maxLogBytes` at most, without secrets; empty where the container has none. Null where there is no
 * deployment. Throws `Forbidden` where the group does not have the installation's seal.
 */
export async function tailContainerLog(
  deps: ActivityDeps,
  { ref, container, tail }: LogRange & { ref: EnvironmentRef },
): Promise<{ log: string | null }> {
  if (!(await sealedGroup(deps, ref))) return { log: null };
  const deployment = deploymentOf(deps, ref);
  const content = await deployment.log(containerTypes[container], tail);
  // whether Azure answers 404 for a container that a deployment does not have is not documented
  if (content === undefined && !(await deployment.exists())) return { log: null };
  return { log: lastLines(redactSecrets(content ?? ''), tail, maxLogBytes) };
}
